using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Kubernetes;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>Objects of any kind but Secrets, of this cluster or another, reached as by a store of the kind kubernetes; read only.</summary>
public sealed class CrdProvider : IProvider
{
    public string Name => "crd";

    public StoreCapability Capability => StoreCapability.ReadOnly;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(CrdRules.Root, store.Options, CrdStoreJson.Default.CrdStore, options => CrdRules.Problems(store, options));
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return KubernetesRules.Unused(CrdRules.ConnectionOf(StoreOptions.Read(CrdRules.Root, store.Options, CrdStoreJson.Default.CrdStore))).Select(CrdRules.InSpec);
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(CrdRules.Root, context.Store.Options, CrdStoreJson.Default.CrdStore, options => CrdRules.Problems(context.Store, options));
        var connection = await ConnectAsync(context, options, cancellationToken).ConfigureAwait(false);
        var http = context.Http.Create(new HttpSettings
        {
            Authorities = connection.Authorities,
            ClientCertificate = connection.Certificate,
            Retry = context.Retry,
            GuardAddresses = true,
        });
        var kubernetes = new KubernetesClient(http, connection, new CallMeter(context.Calls, "Kubernetes", context.Time), context.Time);
        return new CrdSource(new CrdClient(kubernetes, options.Resource), CrdAllowance.Of(options.Whitelist, context.Store.IsClusterWide), context.Store.Namespace);
    }

    private static async Task<KubernetesConnection> ConnectAsync(StoreContext context, CrdStore options, CancellationToken cancellationToken)
    {
        try
        {
            return await KubernetesLogin.ConnectionAsync(context, CrdRules.ConnectionOf(options), cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new ProviderException(failure.Kind, CrdRules.InSpec(failure.Message), failure) { RetryAfter = failure.RetryAfter };
        }
    }
}
