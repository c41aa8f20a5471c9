using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Providers.Vault;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>
/// Keys of Vault's and OpenBao's transit engine (https://developer.hashicorp.com/vault/api-docs/secret/transit). The token is taken from where the
/// original takes it: <c>VAULT_TOKEN</c>, or what <c>vault login</c> left in <c>~/.vault-token</c>; in a Secret it is <c>sops.vault-token</c>.
/// </summary>
internal sealed partial class VaultTransitKeys(KeyServiceContext context) : IKeyService
{
    public const string TokenItem = "sops.vault-token";
    public const string AuthoritiesVariable = "VAULT_CACERT";
    private const string TokenFile = ".vault-token";
    private const string TokenVariable = "VAULT_TOKEN";
    private const string AddressVariable = "VAULT_ADDR";

    private readonly KeyServiceCredentials credentials = context.Credentials;

    public async Task<string> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(key, "encrypt", writer => writer.WriteBase64String("plaintext", secret.Span), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Member(answer.Data, "ciphertext") is { ValueKind: JsonValueKind.String } wrapped ? wrapped.GetString()! : throw Foreign("ciphertext");
    }

    public async Task<byte[]> UnwrapAsync(MasterKey key, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(key, "decrypt", writer => writer.WriteString("ciphertext", key.Wrapped), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Member(answer.Data, "plaintext") is { ValueKind: JsonValueKind.String } plain && plain.TryGetBytesFromBase64(out var secret) ? secret : throw Foreign("plaintext");
    }

    public void Dispose()
    {
        // Each call has a client of its own: which server it goes to is said by the entry.
    }

    private async Task<VaultAnswer> SendAsync(MasterKey key, string action, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var path = PathOf(key, action);
        var server = AddressOf(key);
        var token = Token();
        using var certificate = ClientCertificate();
        var http = context.Http.Create(new HttpSettings
        {
            Authorities = ReadFile(AuthoritiesVariable) is { } pem ? Authorities.Parse(AuthoritiesVariable, pem) : null,
            ClientCertificate = certificate,
            GuardAddresses = credentials.HomeFolder is null,
        });
        var wire = new VaultWire(server, credentials.Variable("VAULT_NAMESPACE"), new Dictionary<string, string>(), ReadYourWrites: false, ForwardInconsistent: false);
        using var client = new VaultClient(http, wire, new CallMeter(context.Calls, "HashiCorp/Vault", context.Time), context.Time);
        var call = new VaultCall(HttpMethod.Post, path, action == "encrypt" ? "TransitEncrypt" : "TransitDecrypt") { Body = Body(write) };
        var answer = await client.SendAsync(call, token, cancellationToken).ConfigureAwait(false);
        if (answer.IsFound) return answer;
        answer.Dispose();
        throw new ProviderException(ProviderFailureKind.Invalid, $"Vault has nothing at {path}: is a transit engine mounted there?");
    }

    private static byte[] Body(Action<Utf8JsonWriter> write)
    {
        using var buffer = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    // The names are a stranger's: with dots or slashes in them they would lead a token to another part of Vault.
    private static string PathOf(MasterKey key, string action)
    {
        var (engine, name) = (key.Field("engine_path").Trim('/'), key.Field("key_name"));
        if (!engine.Split('/').All(segment => Name().IsMatch(segment))) throw new ProviderException(ProviderFailureKind.Invalid, "engine_path is not a path of an engine");
        return Name().IsMatch(name) ? $"{engine}/{action}/{name}" : throw new ProviderException(ProviderFailureKind.Invalid, "key_name is not a name of a key");
    }

    private Uri AddressOf(MasterKey key)
    {
        if (!Uri.TryCreate(key.Field("vault_address"), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.AbsolutePath != "/")
            throw new ProviderException(ProviderFailureKind.Invalid, "vault_address is not an address of a server");
        if (credentials.TrustsAddresses) return address;
        var isNamed = Uri.TryCreate(credentials.Variable(AddressVariable), UriKind.Absolute, out var own)
            && Uri.Compare(own, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        return isNamed ? address : throw new ProviderException(ProviderFailureKind.Denied, $"the controller's Vault token is for the server in its {AddressVariable} alone, and the file names {address.Host}");
    }

    private string Token()
    {
        var token = credentials.Item(TokenItem) ?? credentials.Variable(TokenVariable);
        if (token is null && credentials.HomeFolder is { } home && File.Exists(Path.Combine(home, TokenFile))) token = Read(Path.Combine(home, TokenFile));
        var remedy = credentials.HomeFolder is null ? $"an item {TokenItem}" : $"`vault login`, or {TokenVariable}";
        return token?.Trim() ?? throw new ProviderException(ProviderFailureKind.Denied, $"there is no Vault token: it takes {remedy}");
    }

    private X509Certificate2? ClientCertificate()
    {
        if (ReadFile("VAULT_CLIENT_CERT") is not { } certificate || ReadFile("VAULT_CLIENT_KEY") is not { } key) return null;
        try
        {
            return CertificatePair.FromPem(certificate, key);
        }
        catch (CryptographicException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, "the files in VAULT_CLIENT_CERT and VAULT_CLIENT_KEY are no PEM pair");
        }
    }

    private string? ReadFile(string variable) => credentials.Variable(variable) is { } path ? Read(path) : null;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{path} cannot be read");
        }
    }

    private static ProviderException Foreign(string field) => new(ProviderFailureKind.Invalid, $"the Vault server's answer has no {field}: is vault_address right?");

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
