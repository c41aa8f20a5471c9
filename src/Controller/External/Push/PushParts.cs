using GitOpsSecrets.Controller.External.States;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What serves PushSecrets, in one piece.</summary>
internal sealed class PushParts : IDisposable
{
    private readonly PushCaches caches;
    private readonly PushDraws draws;
    private readonly WorkQueue queue;
    private readonly WorkQueue storeQueue;
    private readonly Worker worker;
    private readonly Worker storeWorker;

    public PushParts(
        KubeClient kube, ExternalCaches shared, GeneratorCaches editions, GeneratorCredentials credentials, StoreAccess access, GeneratorRunner generators, TargetMaker maker, StateKeeper states, EventRecorder events, ObjectSeries metrics, Notifier notifier, ControllerOptions options,
        Func<string, WorkerOptions> working, TimeProvider time, ILogger logger)
    {
        caches = new PushCaches(kube, shared, options, time, logger);
        (queue, storeQueue) = (new WorkQueue(time, Backoff.Default(Chance.Next)), new WorkQueue(time, Backoff.Default(Chance.Next)));
        new PushWatches(caches, shared, editions, credentials, access, queue, storeQueue, options).Connect();
        draws = new PushDraws(generators, time);
        var (ledger, sources, written) = (new PushLedger(), new PushSources(kube, shared, maker), new PushStores(shared, access));
        var retreat = new PushRetreat(written, ledger, new PushNeighbours(caches, ledger, queue.Add));
        var reconciler = new PushReconciler(
            caches, editions, sources, written, new PushMarks(shared), new PushFinalizer(kube, ledger), new PushWriter(sources, written, draws, retreat, ledger, states, time), draws, retreat,
            new PushReport(kube, events, ledger, metrics, notifier, Chance.Next, time, logger), ledger, metrics, time);
        worker = new Worker(queue, reconciler, working("pushsecret") with { Observe = metrics.Observe }, time, logger);
        storeWorker = new Worker(storeQueue, new StoreProtection(caches, shared, ledger, kube), working("secretstore-finalizer"), time, logger);
    }

    /// <summary>For those that make PushSecrets.</summary>
    public PushCaches Caches => caches;

    /// <summary>As of <see cref="ExternalParts.IsIdle"/>.</summary>
    public bool IsIdle => queue.IsIdle && storeQueue.IsIdle;

    public Task FollowAsync(CancellationToken cancellationToken) => caches.RunAsync(cancellationToken);

    /// <summary>Works, once its kind is there, until cancelled.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        await caches.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(worker.RunAsync(cancellationToken), storeWorker.RunAsync(cancellationToken)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        draws.Dispose();
        queue.Dispose();
        storeQueue.Dispose();
    }
}
