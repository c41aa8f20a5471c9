using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.Runtime.CredentialManagement;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>
/// Keys of AWS KMS (https://docs.aws.amazon.com/kms/latest/APIReference/). Who asks: the item <c>sops.aws-kms</c> of a Secret, as Flux has it; else the entry's
/// <c>aws_profile</c>, where a user's own files count; else the identity of the place. An entry's <c>role</c> is assumed before. Where AWS is, follows from the
/// key's region alone, or is said by the operator.
/// </summary>
internal sealed partial class AwsKmsKeys(KeyServiceContext context) : IKeyService
{
    public const string CredentialsItem = "sops.aws-kms";
    private readonly KeyServiceCredentials credentials = context.Credentials;
    private readonly ConcurrentDictionary<(string Region, string Role, string Profile), Lazy<Task<AwsConnection>>> connections = new();

    /// <summary>Variables that are no credentials: where AWS is, and whom to trust there.</summary>
    public static IReadOnlyList<string> Settings { get; } =
        ["AWS_CA_BUNDLE", .. AwsService.KeyManagement.EndpointVariables, .. AwsService.SecurityTokens.EndpointVariables, "AWS_ENDPOINT_URL"];

    public async Task<string> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(key, "Encrypt", json => json.WriteBase64String("Plaintext", secret.Span), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Text(answer.Root, "CiphertextBlob") ?? throw Foreign("CiphertextBlob");
    }

    public async Task<byte[]> UnwrapAsync(MasterKey key, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(key, "Decrypt", json => json.WriteString("CiphertextBlob", key.Wrapped), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Member(answer.Root, "Plaintext") is { ValueKind: JsonValueKind.String } plain && plain.TryGetBytesFromBase64(out var secret) ? secret : throw Foreign("Plaintext");
    }

    public void Dispose()
    {
        foreach (var connection in connections.Values)
        {
            if (connection.IsValueCreated && connection.Value.IsCompletedSuccessfully) connection.Value.Result.Dispose();
        }
    }

    private async Task<AwsAnswer> SendAsync(MasterKey key, string operation, Action<Utf8JsonWriter> value, CancellationToken cancellationToken)
    {
        var arn = key.Field("arn");
        if (Arn().Match(arn) is not { Success: true } parts) throw new ProviderException(ProviderFailureKind.Invalid, "arn is not the ARN of a key or alias of KMS");
        var place = (parts.Groups["region"].Value, key.Field("role"), key.Field("aws_profile"));
        var opening = connections.GetOrAdd(place, named => new(() => ConnectAsync(named)));
        if (opening.Value.IsFaulted) connections.TryRemove(KeyValuePair.Create(place, opening));
        var connection = await opening.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        var body = AwsBody.Of(json =>
        {
            json.WriteString("KeyId", arn);
            value(json);
            WriteContext(json, [.. key.EncryptionContext]);
        });
        return await connection.ClientOf(AwsService.KeyManagement).SendAsync(new(operation, body) { CarriesValue = operation == "Encrypt" }, cancellationToken).ConfigureAwait(false);
    }

    private static void WriteContext(Utf8JsonWriter json, KeyValuePair<string, string>[] pairs)
    {
        if (pairs.Length == 0) return;
        json.WriteStartObject("EncryptionContext");
        foreach (var (name, value) in pairs) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private Task<AwsConnection> ConnectAsync((string Region, string Role, string Profile) place)
    {
        var surroundings = new AwsSurroundings(credentials.Variable);
        return AwsConnection.OpenAsync(context.Http, context.Calls, null, context.Time, surroundings, place.Region, (tokens, own) => stop => LogInAsync(place.Role, place.Profile, tokens, own, stop), CancellationToken.None);
    }

    private async Task<AwsCredentials> LogInAsync(string role, string profile, AwsSecurityTokens tokens, AwsOwnIdentity own, CancellationToken cancellationToken)
    {
        var caller = OfItem() ?? OfProfile(profile);
        if (caller is null && !credentials.MayUseSurroundings) throw new ProviderException(ProviderFailureKind.Denied, $"there are no AWS credentials: it takes an item {CredentialsItem}");
        caller ??= await own.ObtainAsync(cancellationToken).ConfigureAwait(false);
        return role.Length == 0 ? caller : await tokens.AssumeAsync(new AwsRole(role), caller, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lines of a name, a colon and a value.</summary>
    private AwsCredentials? OfItem()
    {
        if (credentials.Item(CredentialsItem) is not { } text) return null;
        var values = text.Split('\n').Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0].Trim(), parts => parts[1].Trim().Trim('"', '\''), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        if (!values.TryGetValue("aws_access_key_id", out var id) || !values.TryGetValue("aws_secret_access_key", out var secret))
            throw new ProviderException(ProviderFailureKind.Invalid, $"the item {CredentialsItem} has no lines aws_access_key_id and aws_secret_access_key");
        return new(id, secret, values.GetValueOrDefault("aws_session_token") is { Length: > 0 } token ? token : null, null);
    }

    private AwsCredentials? OfProfile(string profile)
    {
        if (profile.Length == 0 || credentials.HomeFolder is not { } home) return null;
        var file = credentials.Variable("AWS_SHARED_CREDENTIALS_FILE") ?? Path.Combine(home, ".aws", "credentials");
        if (!File.Exists(file) || !new SharedCredentialsFile(file).TryGetProfile(profile, out var found) || string.IsNullOrEmpty(found.Options.AccessKey))
            throw new ProviderException(ProviderFailureKind.Invalid, $"aws_profile \"{profile}\" is no profile with an access key in {file}");
        return new(found.Options.AccessKey, found.Options.SecretKey, string.IsNullOrEmpty(found.Options.Token) ? null : found.Options.Token, null);
    }

    private static ProviderException Foreign(string field) => new(ProviderFailureKind.Invalid, $"KMS's answer has no {field}");

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:kms:(?<region>[a-z0-9-]+):[0-9]+:(key|alias)/[A-Za-z0-9/_-]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Arn();
}
