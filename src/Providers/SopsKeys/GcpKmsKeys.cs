using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>
/// Keys of Google Cloud KMS (https://cloud.google.com/kms/docs/reference/rest). Credentials are taken from where the original takes them:
/// <c>GOOGLE_OAUTH_ACCESS_TOKEN</c>, <c>GOOGLE_CREDENTIALS</c> (a key file, or its path), then the application default credentials; in a Secret it is
/// <c>sops.gcp-kms</c>. No file chooses an address: all keys are asked of one host.
/// </summary>
internal sealed partial class GcpKmsKeys : IKeyService
{
    public const string CredentialsItem = "sops.gcp-kms";
    private const string AuthoritiesVariable = "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE";

    /// <summary>Where the service is and whom to trust.</summary>
    public static readonly IReadOnlyList<string> Settings = ["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS", AuthoritiesVariable];

    private readonly GoogleSurroundings surroundings;
    private readonly GoogleSession session;

    public GcpKmsKeys(KeyServiceContext context)
    {
        var credentials = context.Credentials;
        surroundings = new GoogleSurroundings { Variables = credentials.Variables, HomeFolder = credentials.HomeFolder, Authorities = AuthoritiesOf(credentials) };
        var http = new GoogleHttp(
            context.Http.Create(new HttpSettings { Authorities = surroundings.Authorities, GuardAddresses = !credentials.MayUseSurroundings }),
            new CallMeter(context.Calls, "GCP/KMS", context.Time),
            context.Time);
        session = new GoogleSession(http, LoginFor(credentials, http, new GoogleLibrary(http, surroundings, context.Time), context.Time), context.Time);
    }

    public async Task<string> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(key, "encrypt", writer => writer.WriteBase64String("plaintext", secret.Span), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Text(answer.Root, "ciphertext") ?? throw Foreign("ciphertext");
    }

    public async Task<byte[]> UnwrapAsync(MasterKey key, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(key, "decrypt", writer => writer.WriteString("ciphertext", key.Wrapped), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Member(answer.Root, "plaintext") is { ValueKind: JsonValueKind.String } plain && plain.TryGetBytesFromBase64(out var secret) ? secret : throw Foreign("plaintext");
    }

    public void Dispose() => session.Dispose();

    /// <summary>Where a proxy of the place vouches for what it passes on.</summary>
    private static System.Security.Cryptography.X509Certificates.X509Certificate2Collection? AuthoritiesOf(KeyServiceCredentials credentials) =>
        credentials.Variable(AuthoritiesVariable) is { } path ? Authorities.Parse(AuthoritiesVariable, File.ReadAllText(path)) : null;

    private IGoogleLogin LoginFor(KeyServiceCredentials credentials, GoogleHttp http, GoogleLibrary library, TimeProvider time)
    {
        if (credentials.Item(CredentialsItem) is { } item) return new ServiceAccountLogin(library, _ => Task.FromResult(Encoding.UTF8.GetBytes(item)));
        if (credentials.Variable("GOOGLE_OAUTH_ACCESS_TOKEN") is { } token) return new GivenToken(token, time);
        if (credentials.Variable("GOOGLE_CREDENTIALS") is { } given)
            return new ServiceAccountLogin(library, async stop => given.TrimStart().StartsWith('{') ? Encoding.UTF8.GetBytes(given) : await ReadAsync(given, stop).ConfigureAwait(false));
        return credentials.MayUseSurroundings
            ? new DefaultLogin(surroundings, http, library)
            : throw new ProviderException(ProviderFailureKind.Denied, $"there are no credentials for Google: they take an item {CredentialsItem}");
    }

    private async Task<GoogleAnswer> SendAsync(MasterKey key, string action, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var name = key.Field("resource_id");
        // A stranger's word: with other characters in it, it would lead a token to another part of Google's API.
        if (!Resource().IsMatch(name)) throw new ProviderException(ProviderFailureKind.Invalid, "resource_id is not of the form projects/P/locations/L/keyRings/R/cryptoKeys/K");
        using var body = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        var address = new Uri(surroundings.Service("CLOUDKMS", "cloudkms.googleapis.com"), $"v1/{name}:{action}");
        return await session.SendAsync(new GoogleCall(HttpMethod.Post, address, action == "encrypt" ? "Encrypt" : "Decrypt") { Body = body.ToArray(), MayRepeat = true }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, "the file that GOOGLE_CREDENTIALS names cannot be read");
        }
    }

    private static ProviderException Foreign(string field) => new(ProviderFailureKind.Invalid, $"the answer in the place of Google's has no {field}");

    [GeneratedRegex(@"\Aprojects/[a-z0-9][a-z0-9.:-]*/locations/[a-z0-9-]+/keyRings/[A-Za-z0-9_-]+/cryptoKeys/[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Resource();

    /// <summary>A token that somebody else has got, and that is used as it is.</summary>
    private sealed class GivenToken(string token, TimeProvider time) : IGoogleLogin
    {
        public Task<GoogleToken> LogInAsync(CancellationToken cancellationToken) => Task.FromResult(new GoogleToken(token, time.GetUtcNow(), time.GetUtcNow().AddHours(1)));
    }
}
