using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>ClusterPushSecrets; what they make lies in <see cref="PushCaches"/>.</summary>
internal sealed class ClusterPushCaches(KubeClient kube, ExternalCaches shared, PushCaches pushed, TimeProvider time, ILogger logger)
{
    public Informer<ClusterPushSecret> Sources { get; } = new(
        kube, ExternalKinds.ClusterPushSecrets, new InformerOptions<ClusterPushSecret> { Trim = ExternalKinds.Trim }, time, logger);

    /// <summary>All namespaces, with their labels.</summary>
    public IReadOnlyList<PartialObjectMetadata> Namespaces => shared.Namespaces.Cache.Snapshot();

    public PushSecret? Find(NamespacedName key) => pushed.Find(key);

    /// <summary>All PushSecrets that a ClusterPushSecret made.</summary>
    public IReadOnlyList<PushSecret> MadeBy(string name) => [.. pushed.All.Where(source => ClusterPushPolicy.IsMadeBy(source, name))];

    public Task WaitForMadeAsync(CancellationToken cancellationToken) => pushed.WaitForSyncAsync(cancellationToken);
}
