using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>Secrets of another namespace, or of another cluster.</summary>
public sealed class KubernetesProvider : IProvider
{
    public string Name => "kubernetes";

    public StoreCapability Capability => StoreCapability.ReadWrite;

    public IReadOnlyList<string> Check(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StoreOptions.Check(KubernetesRules.Root, store.Options, KubernetesStoreJson.Default.KubernetesStore, options => KubernetesRules.Problems(store, options));
    }

    public IEnumerable<string> Unused(StoreDescription store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return KubernetesRules.Unused(StoreOptions.Read(KubernetesRules.Root, store.Options, KubernetesStoreJson.Default.KubernetesStore));
    }

    public async Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = StoreOptions.Read(KubernetesRules.Root, context.Store.Options, KubernetesStoreJson.Default.KubernetesStore, options => KubernetesRules.Problems(context.Store, options));
        var connection = await KubernetesLogin.ConnectionAsync(context, options, cancellationToken).ConfigureAwait(false);
        var http = context.Http.Create(new HttpSettings
        {
            Authorities = connection.Authorities,
            ClientCertificate = connection.Certificate,
            Retry = context.Retry,
            GuardAddresses = true,
        });
        var client = new KubernetesClient(http, connection, new CallMeter(context.Calls, "Kubernetes", context.Time), context.Time);
        var remoteNamespace = string.IsNullOrEmpty(options.RemoteNamespace) ? KubernetesStore.DefaultRemoteNamespace : options.RemoteNamespace;
        return new KubernetesSource(client, remoteNamespace, new KubernetesPush(remoteNamespace, context.Store.IsClusterWide));
    }
}
