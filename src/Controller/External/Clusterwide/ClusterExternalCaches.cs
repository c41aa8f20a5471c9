using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>ClusterExternalSecrets; what they make lies in the caches of <see cref="ExternalCaches"/>.</summary>
internal sealed class ClusterExternalCaches(KubeClient kube, ExternalCaches shared, TimeProvider time, ILogger logger)
{
    public Informer<ClusterExternalSecret> Sources { get; } = new(
        kube, ExternalKinds.ClusterExternalSecrets, new InformerOptions<ClusterExternalSecret> { Trim = ExternalKinds.Trim }, time, logger);

    /// <summary>All namespaces, with their labels.</summary>
    public IReadOnlyList<PartialObjectMetadata> Namespaces => shared.Namespaces.Cache.Snapshot();

    public ExternalSecret? Find(NamespacedName key) => shared.Sources.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    /// <summary>All ExternalSecrets that a ClusterExternalSecret made.</summary>
    public IReadOnlyList<ExternalSecret> MadeBy(string name) => [.. shared.All.Where(source => ClusterExternalPolicy.IsMadeBy(source, name))];
}
