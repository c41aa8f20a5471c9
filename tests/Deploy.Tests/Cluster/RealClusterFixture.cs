using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>kube-apiserver with our definitions applied, where <c>KUBEBUILDER_ASSETS</c> says there is one; else the tests are skipped.</summary>
public sealed class RealClusterFixture : IAsyncLifetime
{
    private RealTestCluster? cluster;

    public ITestCluster Cluster
    {
        get
        {
            Assert.SkipUnless(RealTestCluster.IsAvailable, "KUBEBUILDER_ASSETS is not set");
            return cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!RealTestCluster.IsAvailable) return;
        cluster = await RealTestCluster.StartAsync(CancellationToken.None);
        using var client = new ClusterClient(cluster);
        await client.ApplyAllAsync(ManifestSet.Parse(string.Join("\n---\n", Repository.Files("deploy/crds", "*.io.yaml").Append("deploy/crds/sealedsecrets.bitnami.com.yaml").Select(Repository.Read))), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
