using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What makes ExternalSecrets in many namespaces, in one piece.</summary>
internal sealed class ClusterwideParts : IDisposable
{
    private readonly ClusterExternalCaches caches;
    private readonly WorkQueue queue;
    private readonly Worker worker;

    public ClusterwideParts(KubeClient kube, ExternalCaches shared, Func<string, WorkerOptions> working, TimeProvider time, ILogger logger)
    {
        caches = new ClusterExternalCaches(kube, shared, time, logger);
        queue = new WorkQueue(time, Backoff.Default(Chance.Next));
        new ClusterExternalWatches(caches, shared, queue).Connect();
        worker = new Worker(queue, new ClusterExternalReconciler(caches, kube, time), working("clusterexternalsecret"), time, logger);
    }

    public IEnumerable<ClusterExternalSecret> All => caches.Sources.Cache.Snapshot();

    public Task FollowAsync(CancellationToken cancellationToken) => caches.Sources.RunAsync(cancellationToken);

    /// <summary>Works, once its kind is there, until cancelled.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        await caches.Sources.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        await worker.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => queue.Dispose();
}
