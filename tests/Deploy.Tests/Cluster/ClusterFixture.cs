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
        await client.ApplyAllAsync(ManifestSet.Parse(string.Join("\n---\n", Repository.Files("deploy/crds", "*.io.yaml").Append("deploy/crds/sealedsecrets.bitnami.com.yaml").Select(Repository.Read))), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
