using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Vault;

/// <summary>HashiCorp Vault and OpenBao: KV engines of version 1 and 2.</summary>
/// <param name="variable">Reads a variable of the environment, for logins by an AWS identity; null when it is not set.</param>
/// <param name="google">Where Google is, for logins by an identity of Google's.</param>
public sealed class VaultProvider(Func<string, string?> variable, GoogleSurroundings google) : IRecognizeChange
{
    private readonly AwsSurroundings surroundings = new(variable);

    public VaultProvider()
        : this(Environment.GetEnvironmentVariable, GoogleSurroundings.OfProcess())
    {
    }

    public string Name => "vault";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(VaultRules.Root, store.Options, VaultStoreJson.Default.VaultStore, options => VaultRules.Problems(store, options));
    }

    public ChangedSecret? Recognize(StoreDescription store, RemoteChange change)
    {
        ArgumentNullException.ThrowIfNull(store);
        return VaultChanges.Recognize(StoreOptions.Read(VaultRules.Root, store.Options, VaultStoreJson.Default.VaultStore), change);
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return VaultRules.Unused(StoreOptions.Read(VaultRules.Root, store.Options, VaultStoreJson.Default.VaultStore));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await OpenAsync(context, StoreOptions.Read(VaultRules.Root, context.Store.Options, VaultStoreJson.Default.VaultStore), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With options that another kind of store has in its own words.</summary>
    internal async Task<ISecretSource> OpenAsync(StoreContext context, VaultStore options, CancellationToken cancellationToken)
    {
        var session = await ConnectAsync(context, options, cancellationToken).ConfigureAwait(false);
        var secrets = new VaultKeyValues(session, VaultPaths.Of(options.Path, options.Version));
        return new VaultSource(session, secrets, new VaultPush(secrets, options.CheckAndSet?.Required ?? false));
    }

    /// <summary>A session with a server and one identity, whatever engine it is for; the caller's to dispose.</summary>
    /// <param name="keepsToken">Whether the token outlives the session, since what it was given for ends with it.</param>
    /// <exception cref="ProviderException">The options or the credentials are wrong.</exception>
    internal async Task<VaultSession> ConnectAsync(StoreContext context, VaultStore options, CancellationToken cancellationToken, bool keepsToken = false)
    {
        foreach (var problem in options.Auth is null ? [] : VaultRules.CloudProblems(options.Auth, VaultRules.Root + ".auth")) throw new ProviderException(ProviderFailureKind.Invalid, problem);
        var http = context.Http.Create(await HttpSettingsAsync(context, options, cancellationToken).ConfigureAwait(false));
        var client = new VaultClient(http, WireOf(options), new CallMeter(context.Calls, "HashiCorp/Vault", context.Time), context.Time);
        var login = options.Auth is { TokenSecretRef: null } auth ? new VaultLogins(context.Cluster, auth, new VaultAwsLogin(context, surroundings), new VaultGoogleLogin(context, google)).Choose() : null;
        var token = options.Auth?.TokenSecretRef is { } reference ? await TokenAsync(context, reference, cancellationToken).ConfigureAwait(false) : null;
        return new VaultSession(client, login, token, context.Time, keepsToken);
    }

    private static VaultWire WireOf(VaultStore options)
    {
        if (!Uri.TryCreate(options.Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new ProviderException(ProviderFailureKind.Invalid, $"spec.provider.vault.server \"{options.Server}\" is not an http or https address");
        return new(server, options.Namespace, options.Headers ?? [], options.ReadYourWrites ?? false, options.ForwardInconsistent ?? false);
    }

    private static async Task<HttpSettings> HttpSettingsAsync(StoreContext context, VaultStore options, CancellationToken cancellationToken) => new()
    {
        Authorities = await Authorities.ReadAsync(options.CaBundle, options.CaProvider, context.Cluster, cancellationToken).ConfigureAwait(false),
        ClientCertificate = (options.Tls, options.Auth?.Cert) switch
        {
            ({ CertSecretRef: { } certificate, KeySecretRef: { } key }, _) => await CertificateAsync(context, certificate, key, cancellationToken).ConfigureAwait(false),
            (_, { ClientCert: { } certificate, SecretRef: { } key }) => await CertificateAsync(context, certificate, key, cancellationToken).ConfigureAwait(false),
            _ => null,
        },
        Retry = context.Retry,
        GuardAddresses = true,
    };

    private static async Task<X509Certificate2> CertificateAsync(StoreContext context, SecretKeySelector certificate, SecretKeySelector key, CancellationToken cancellationToken)
    {
        var pem = await SelectedText.ReadAsync(context.Cluster, certificate, "tls.crt", cancellationToken).ConfigureAwait(false);
        var keyPem = await SelectedText.ReadAsync(context.Cluster, key, "tls.key", cancellationToken).ConfigureAwait(false);
        try
        {
            return CertificatePair.FromPem(pem, keyPem);
        }
        catch (CryptographicException e)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"the client certificate in Secret \"{certificate.Name}\" and its key in Secret \"{key.Name}\" are no PEM pair", e);
        }
    }

    private static async Task<string> TokenAsync(StoreContext context, SecretKeySelector reference, CancellationToken cancellationToken)
        => (await SelectedText.ReadAsync(context.Cluster, reference, null, cancellationToken).ConfigureAwait(false)).Trim();
}
