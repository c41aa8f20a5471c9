using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What makes ExternalSecrets and PushSecrets in many namespaces, in one piece.</summary>
internal sealed class ClusterwideParts : IDisposable
{
    private readonly ClusterExternalCaches caches;
    private readonly ClusterPushCaches pushCaches;
    private readonly WorkQueue queue;
    private readonly WorkQueue pushQueue;
    private readonly Worker worker;
    private readonly Worker pushWorker;

    public ClusterwideParts(KubeClient kube, ExternalCaches shared, PushCaches pushed, Func<string, WorkerOptions> working, TimeProvider time, ILogger logger)
    {
        caches = new ClusterExternalCaches(kube, shared, time, logger);
        pushCaches = new ClusterPushCaches(kube, shared, pushed, time, logger);
        (queue, pushQueue) = (new WorkQueue(time, Backoff.Default(Chance.Next)), new WorkQueue(time, Backoff.Default(Chance.Next)));
        new ClusterExternalWatches(caches, shared, queue).Connect();
        new ClusterPushWatches(pushCaches, shared, pushed, pushQueue).Connect();
        worker = new Worker(queue, new ClusterExternalReconciler(caches, kube, time), working("clusterexternalsecret"), time, logger);
        pushWorker = new Worker(pushQueue, new ClusterPushReconciler(pushCaches, kube, time), working("clusterpushsecret"), time, logger);
    }

    public IEnumerable<ClusterExternalSecret> All => caches.Sources.Cache.Snapshot();

    public Task FollowAsync(CancellationToken cancellationToken) => Task.WhenAll(caches.Sources.RunAsync(cancellationToken), pushCaches.Sources.RunAsync(cancellationToken));

    /// <summary>Works, once its kinds are there, until cancelled.</summary>
    public Task WorkAsync(CancellationToken cancellationToken) => Task.WhenAll(
        WorkAsync(caches.Sources.WaitForSyncAsync(cancellationToken), worker, cancellationToken),
        WorkAsync(Task.WhenAll(pushCaches.Sources.WaitForSyncAsync(cancellationToken), pushCaches.WaitForMadeAsync(cancellationToken)), pushWorker, cancellationToken));

    public void Dispose()
    {
        queue.Dispose();
        pushQueue.Dispose();
    }

    private static async Task WorkAsync(Task filled, Worker worker, CancellationToken cancellationToken)
    {
        await filled.ConfigureAwait(false);
        await worker.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
