using System.Text;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.SopsKeys;

/// <summary>
/// Who asks for master keys, in this order: the application of the item <c>sops.azure-kv</c>; the application of <c>AZURE_TENANT_ID</c>,
/// <c>AZURE_CLIENT_ID</c> and a password, certificate or federated token; the machine, where its identity may be used.
/// </summary>
internal sealed class AzureKeyLogin(KeyServiceContext context, CallMeter meter, string vault)
{
    private const string PublicAuthority = "https://login.microsoftonline.com/";
    private readonly KeyServiceCredentials credentials = context.Credentials;

    /// <exception cref="ProviderException">There is no identity, or what names it is incomplete.</exception>
    public AzureCredential Choose()
    {
        if (credentials.Item(AzureVaultKeys.CredentialsItem) is { } item) return OfItem(AzureKeyCredentials.Read(item));
        var (tenant, client) = (credentials.Variable(AzureSurroundings.TenantId), credentials.Variable(AzureSurroundings.ClientId));
        var authority = Authority(credentials.Variable(AzureSurroundings.AuthorityHost));
        if (tenant is not null && client is not null)
        {
            if (credentials.Variable("AZURE_CLIENT_SECRET") is { } password) return Application(authority, () => new(tenant, client) { Password = password });
            if (credentials.Variable("AZURE_CLIENT_CERTIFICATE_PATH") is { } certificate) return Application(authority, () => AzureProof.Signing(tenant, client, ReadFile(certificate)));
            if (credentials.MayUseSurroundings && credentials.Variable(AzureSurroundings.TokenFile) is { } token) return Application(authority, () => new(tenant, client) { Assertion = Encoding.UTF8.GetString(ReadFile(token)).Trim() });
        }
        if (credentials.MayUseSurroundings) return Machine(client);
        throw new ProviderException(ProviderFailureKind.Denied, $"there is no Azure identity: it takes an item {AzureVaultKeys.CredentialsItem}");
    }

    private AzureCredential OfItem(AzureKeyCredentials written)
    {
        var authority = Authority(written.AuthorityHost);
        var client = written.ClientId ?? throw Incomplete("clientId");
        if (written is { ClientSecret: null, ClientCertificate: null })
        {
            // A client id alone names an identity of the machine, which is not everybody's to use.
            return credentials.MayUseSurroundings ? Machine(client) : throw Incomplete("clientSecret");
        }
        var tenant = written.TenantId ?? throw Incomplete("tenantId");
        return written.ClientSecret is { } password
            ? Application(authority, () => new(tenant, client) { Password = password })
            : Application(authority, () => AzureProof.Signing(tenant, client, Encoding.UTF8.GetBytes(written.ClientCertificate!)));
    }

    private AzureApplicationCredential Application(Uri authority, Func<AzureProof> proof)
        => new(context.Http, new() { GuardAddresses = credentials.HomeFolder is null }, meter, context.Time, authority, _ => Task.FromResult(proof()), vault);

    private AzureMachineCredential Machine(string? client) => new(context.Http, new(), meter, context.Time, client, vault);

    private static Uri Authority(string? host) => string.IsNullOrEmpty(host) ? new(PublicAuthority)
        : AzureCloud.HttpsAddress(host) ?? throw new ProviderException(ProviderFailureKind.Invalid, "the Azure authority host is not an https address");

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{path} cannot be read");
        }
    }

    private static ProviderException Incomplete(string field) => new(ProviderFailureKind.Invalid, $"item {AzureVaultKeys.CredentialsItem} has no {field}");
}
