using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.TestClusters;

/// <summary>
/// One cluster of each kind for a whole test assembly, started when first asked for:
/// <c>[assembly: AssemblyFixture(typeof(SharedClusters))]</c>, then take it as a constructor parameter.
/// </summary>
public sealed class SharedClusters : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<ClusterKind, ITestCluster> started = [];

    public async Task<ITestCluster> GetAsync(ClusterKind kind, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (started.TryGetValue(kind, out var cluster)) return cluster;
            cluster = kind == ClusterKind.Local
                ? await LocalTestCluster.StartAsync(new LocalApiServerOptions(), cancellationToken)
                : await RealTestCluster.StartAsync(cancellationToken);
            return started[kind] = cluster;
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in started.Values) await cluster.DisposeAsync();
        gate.Dispose();
    }
}
