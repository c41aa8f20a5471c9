using GitOpsSecrets.TestClusters;

[assembly: AssemblyFixture(typeof(GitOpsSecrets.EndToEnd.Tests.Running.Deployments))]

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>One deployment a kind of cluster for all tests, started when first asked for. Each test works in a namespace of its own.</summary>
public sealed class Deployments : IAsyncDisposable
{
    private readonly SharedClusters clusters = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<ClusterKind, Deployment> started = [];

    internal async Task<Deployment> OnAsync(ClusterKind kind, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!started.TryGetValue(kind, out var deployment))
                started[kind] = deployment = await Deployment.StartAsync(await clusters.GetAsync(kind, cancellationToken), cancellationToken);
            return deployment;
        }
        finally
        {
            gate.Release();
        }
    }

    internal async Task<Tenant> TenantAsync(ClusterKind kind, CancellationToken cancellationToken) =>
        await Tenant.CreateAsync(await OnAsync(kind, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var deployment in started.Values) await deployment.DisposeAsync();
        await clusters.DisposeAsync();
        gate.Dispose();
    }
}
