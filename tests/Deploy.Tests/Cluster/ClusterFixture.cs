using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>An API server with our definitions applied: the in-process one.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public ITestCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), CancellationToken.None);
        using var client = new ClusterClient(Cluster);
        await client.ApplyAllAsync(ManifestSet.Parse(Repository.Read("deploy/crds/sealedsecrets.bitnami.com.yaml")), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
