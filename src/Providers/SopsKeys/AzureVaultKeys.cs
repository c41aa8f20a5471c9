using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>
/// RSA keys of Azure Key Vault, which wrap data keys with RSA-OAEP-256 and never leave it
/// (https://learn.microsoft.com/rest/api/keyvault/keys/encrypt). Who asks is said by the item <c>sops.azure-kv</c> of a Secret, or by the variables
/// that Azure's own tools read, or it is the machine.
/// </summary>
internal sealed partial class AzureVaultKeys(KeyServiceContext context) : IKeyService
{
    public const string CredentialsItem = "sops.azure-kv";
    private const string Algorithm = "RSA-OAEP-256";
    private static readonly string[] Domains = [".vault.azure.net", ".vault.usgovcloudapi.net", ".vault.azure.cn", ".managedhsm.azure.net", ".managedhsm.usgovcloudapi.net", ".managedhsm.azure.cn"];
    private readonly Dictionary<string, KeyVaultClient> clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock gate = new();

    public async Task<string> WrapAsync(MasterKey key, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        // What a later version of the key would unwrap is another's.
        if (key.Field("version").Length == 0) throw new ProviderException(ProviderFailureKind.Invalid, "the address of the key has no version: https://VAULT/keys/NAME/VERSION");
        return Base64Url.EncodeToString(await SendAsync(key, "encrypt", secret, cancellationToken).ConfigureAwait(false));
    }

    public Task<byte[]> UnwrapAsync(MasterKey key, CancellationToken cancellationToken)
    {
        var wrapped = key.Wrapped.TrimEnd('=');
        if (!Base64Url.IsValid(wrapped)) throw new ProviderException(ProviderFailureKind.Invalid, "enc is not base64url");
        return SendAsync(key, "decrypt", Base64Url.DecodeFromChars(wrapped), cancellationToken);
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var client in clients.Values) client.Dispose();
            clients.Clear();
        }
    }

    private async Task<byte[]> SendAsync(MasterKey key, string action, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var body = KeyVaultText.Object(writer =>
        {
            writer.WriteString("alg", Algorithm);
            Span<byte> text = stackalloc byte[Base64Url.GetEncodedLength(value.Length)];
            Base64Url.EncodeToUtf8(value.Span, text);
            writer.WriteString("value", text);
            text.Clear();
        });
        var call = new KeyVaultCall(HttpMethod.Post, $"{path}/{action}", action == "encrypt" ? "Encrypt" : "Decrypt") { Body = body };
        using var answer = await ClientOf(key).SendAsync(call, cancellationToken).ConfigureAwait(false);
        if (!answer.IsFound) throw new ProviderException(ProviderFailureKind.Invalid, $"the vault has no key {path}");
        var found = KeyVaultText.Bytes(JsonMembers.Member(answer.Root, "value"));
        try
        {
            return found is not null && Base64Url.IsValid(found) ? Base64Url.DecodeFromUtf8(found) : throw KeyVaultAnswer.NoVault();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(found);
        }
    }

    private KeyVaultClient ClientOf(MasterKey key)
    {
        var vault = AzureCloud.HttpsAddress(key.Field("vault_url")) is { AbsolutePath: "/" } address ? address : throw new ProviderException(ProviderFailureKind.Invalid, "vault_url is not the https address of a vault");
        if (!context.Credentials.TrustsAddresses && !Domains.Any(domain => vault.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)))
            throw new ProviderException(ProviderFailureKind.Denied, $"the controller's Azure identity is for vaults of Azure alone, and the file names {vault.Host}");
        lock (gate)
        {
            if (!clients.TryGetValue(vault.Authority, out var client)) clients[vault.Authority] = client = NewClient(vault);
            return client;
        }
    }

    // What tokens are for, each vault says by its challenge, within its own domain.
    private KeyVaultClient NewClient(Uri vault)
    {
        var meter = new CallMeter(context.Calls, AzureProvider.Label, context.Time);
        var http = context.Http.Create(new HttpSettings { GuardAddresses = context.Credentials.HomeFolder is null });
        return new KeyVaultClient(http, vault, new AzureTokens(new AzureKeyLogin(context, meter), resource: null, context.Time), meter, context.Time);
    }

    // The names are a stranger's: with dots or slashes in them they would lead a token to another part of the vault.
    private static string PathOf(MasterKey key)
    {
        var (name, version) = (key.Field("name"), key.Field("version"));
        if (!Name().IsMatch(name)) throw new ProviderException(ProviderFailureKind.Invalid, "name is not a name of a key");
        if (version.Length > 0 && !Name().IsMatch(version)) throw new ProviderException(ProviderFailureKind.Invalid, "version is not a version of a key");
        return version.Length == 0 ? $"keys/{name}" : $"keys/{name}/{version}";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,127}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
