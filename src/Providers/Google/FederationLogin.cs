using System.Text.Json;
using System.Text.RegularExpressions;
using global::Google.Apis.Auth.OAuth2;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Workload identity federation (https://google.aip.dev/auth/4117): what proves an identity outside of Google is given for a token of Google's, and that,
/// where one is named, for a token of a service account.
/// </summary>
/// <param name="library">Logs in.</param>
/// <param name="audience">The identity provider, as Google names it.</param>
/// <param name="subjectTokenType">What kind of proof it is.</param>
/// <param name="subject">Reads the proof.</param>
internal sealed partial class FederationLogin(GoogleLibrary library, string audience, string subjectTokenType, Func<CancellationToken, Task<string>> subject) : IGoogleLogin
{
    public const string Type = "external_account";
    private const int ShortestLife = 600;
    private const int LongestLife = 43_200;

    /// <summary>The service account; null for none.</summary>
    public string? Account { get; init; }

    /// <summary>Reads, at each login, whom it acts as where <see cref="Account"/> names nobody; null for nobody.</summary>
    public Func<CancellationToken, Task<string?>>? Annotated { get; init; }

    /// <summary>How long a token of the service account lives; null for an hour.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>A client of its own that exchanges the proof, and its secret; null for none.</summary>
    public ClientSecrets? Client { get; init; }

    /// <summary>Of a workforce pool, the project that the calls count for; null for none.</summary>
    public string? UserProject { get; init; }

    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var account = Account ?? (Annotated is null ? null : await Annotated(cancellationToken).ConfigureAwait(false));
        return await library.LogInAsync(Credential(account), cancellationToken).ConfigureAwait(false);
    }

    public GoogleCredential Credential() => Credential(Account);

    private GoogleCredential Credential(string? account)
    {
        var federated = library.External(audience, subjectTokenType, subject, Client, UserProject);
        return account is null ? federated : library.Impersonated(federated, account, lifetime: Lifetime);
    }

    /// <summary>By a credential configuration.</summary>
    /// <param name="library">Logs in.</param>
    /// <param name="config">As gcloud writes it.</param>
    /// <param name="audience">In place of the configuration's; null for that.</param>
    /// <param name="readSource">Reads the proof from the configuration's <c>credential_source</c>.</param>
    /// <exception cref="ProviderException">It names servers that are not Google's, or a source that is not there yet.</exception>
    public static FederationLogin Of(GoogleLibrary library, JsonElement config, string? audience, Func<JsonElement, CancellationToken, Task<string>> readSource)
    {
        if (JsonMembers.Text(config, "type") != Type) throw Invalid($"its type is not {Type}");
        // Proof and token must not go to a server that the author of a ConfigMap names.
        if (JsonMembers.Text(config, "token_url") is { } token && token != "https://sts.googleapis.com/v1/token") throw Invalid("token_url must be https://sts.googleapis.com/v1/token");
        var source = JsonMembers.Member(config, "credential_source") is { ValueKind: JsonValueKind.Object } named ? named.Clone() : default;
        var client = Given(config, "client_id") is { } id ? new ClientSecrets { ClientId = id, ClientSecret = JsonMembers.Text(config, "client_secret") ?? "" } : null;
        var pool = audience ?? Given(config, "audience") ?? throw Invalid("audience is empty");
        return new FederationLogin(library, pool, Given(config, "subject_token_type") ?? GoogleLibrary.JwtType, stop => readSource(source, stop))
        {
            Account = AccountIn(config),
            Lifetime = LifetimeIn(config),
            Client = client,
            UserProject = UserProjectIn(config, pool),
        };
    }

    /// <summary>Asks the source's address with the headers that the source names: metadata servers want one of their own.</summary>
    public static GoogleCall CallOf(JsonElement source, Uri address)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (JsonMembers.Member(source, "headers") is { ValueKind: JsonValueKind.Object } named)
        {
            foreach (var header in named.EnumerateObject())
            {
                var value = header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : "";
                if (value.Length == 0 || value.Any(char.IsControl)) throw Invalid($"credential_source.headers: {header.Name} has no value of one line");
                headers.Add(new(header.Name, value));
            }
        }
        return new GoogleCall(HttpMethod.Get, address, "ReadSubjectToken") { Headers = headers };
    }

    /// <summary>The text of a subject token, or the member of JSON that the source's <c>format</c> names.</summary>
    public static string TokenIn(JsonElement source, string text)
    {
        var format = JsonMembers.Member(source, "format");
        if (JsonMembers.Text(format, "type") != "json") return text.Trim();
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonMembers.Text(document.RootElement, JsonMembers.Text(format, "subject_token_field_name") ?? "") ?? throw Invalid("what credential_source names has no such member");
        }
        catch (JsonException)
        {
            throw Invalid("what credential_source names is not JSON");
        }
    }

    public static ProviderException Invalid(string problem) => new(ProviderFailureKind.Invalid, $"the credential configuration for workload identity federation cannot be used: {problem}");

    private static string? Given(JsonElement config, string name) => JsonMembers.Text(config, name) is { Length: > 0 } text ? text : null;

    private static TimeSpan? LifetimeIn(JsonElement config)
    {
        var given = JsonMembers.Member(JsonMembers.Member(config, "service_account_impersonation"), "token_lifetime_seconds");
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var seconds) && seconds is >= ShortestLife and <= LongestLife
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid($"service_account_impersonation.token_lifetime_seconds must be a number from {ShortestLife} to {LongestLife}");
    }

    private static string? UserProjectIn(JsonElement config, string audience)
    {
        if (Given(config, "workforce_pool_user_project") is not { } project) return null;
        return WorkforcePool().IsMatch(audience) ? project : throw Invalid("workforce_pool_user_project goes with the audience of a workforce pool only");
    }

    private static string? AccountIn(JsonElement config)
    {
        if (JsonMembers.Text(config, "service_account_impersonation_url") is not { Length: > 0 } url) return null;
        return ImpersonationUrl().Match(url) is { Success: true } match ? match.Groups["email"].Value : throw Invalid("service_account_impersonation_url is not one of iamcredentials.googleapis.com");
    }

    [GeneratedRegex(@"\Ahttps://iamcredentials\.googleapis\.com/v1/projects/-/serviceAccounts/(?<email>[^/:?#\s]+):generateAccessToken\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ImpersonationUrl();

    [GeneratedRegex(@"\A//iam\.googleapis\.com/locations/[^/]+/workforcePools/", RegexOptions.CultureInvariant)]
    private static partial Regex WorkforcePool();
}
