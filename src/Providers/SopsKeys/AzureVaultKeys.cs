using System.Buffers.Text;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Http;
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
        return Base64Url.EncodeToString(await UseAsync(key, "Encrypt", secret, cancellationToken).ConfigureAwait(false));
    }

    public Task<byte[]> UnwrapAsync(MasterKey key, CancellationToken cancellationToken)
    {
        var wrapped = key.Wrapped.TrimEnd('=');
        if (!Base64Url.IsValid(wrapped)) throw new ProviderException(ProviderFailureKind.Invalid, "enc is not base64url");
        return UseAsync(key, "Decrypt", Base64Url.DecodeFromChars(wrapped), cancellationToken);
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var client in clients.Values) client.Dispose();
            clients.Clear();
        }
    }

    private async Task<byte[]> UseAsync(MasterKey key, string operation, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return await ClientOf(key).UseKeyAsync(operation, path, Algorithm, value, cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, $"the vault has no key {path}");
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
        var credential = new AzureKeyLogin(context, meter, vault.Host).Choose();
        return new KeyVaultClient(context.Http.Create(new HttpSettings { GuardAddresses = context.Credentials.HomeFolder is null }), vault, credential, resource: null, meter, context.Time);
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
