using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What makes ExternalSecrets and PushSecrets in many namespaces, in one piece.</summary>
internal sealed class ClusterwideParts : IDisposable
{
    private readonly ControllerOptions options;
    private readonly ClusterExternalCaches caches;
    private readonly ClusterPushCaches pushCaches;
    private readonly WorkQueue queue;
    private readonly WorkQueue pushQueue;
    private readonly Worker worker;
    private readonly Worker pushWorker;

    public ClusterwideParts(KubeClient kube, ExternalCaches shared, PushCaches pushed, Func<string, Action<WorkObservation>, WorkerOptions> working, ExternalMetrics metrics, EventRecorder events, Notifier notifier, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        this.options = options;
        caches = new ClusterExternalCaches(kube, shared, time, logger);
        pushCaches = new ClusterPushCaches(kube, shared, pushed, time, logger);
        (queue, pushQueue) = (new WorkQueue(time, Backoff.Default(Chance.Next)), new WorkQueue(time, Backoff.Default(Chance.Next)));
        new ClusterwideWatches<ClusterExternalSecret, ExternalSecret>(
            caches.Sources, ClusterExternalSecret.ClusterExternalSecretKind, source => source.Metadata, source => source.EffectiveExternalSecretName, made => made.Metadata, queue).Connect(shared.Namespaces, shared.Sources);
        new ClusterwideWatches<ClusterPushSecret, PushSecret>(
            pushCaches.Sources, ClusterPushSecret.ClusterPushSecretKind, source => source.Metadata, source => source.EffectivePushSecretName, made => made.Metadata, pushQueue).Connect(shared.Namespaces, pushed.Sources);
        worker = new Worker(queue, new ClusterExternalReconciler(caches, kube, events, notifier, time), working("clusterexternalsecret", metrics.ClusterSources.Observe), time, logger);
        pushWorker = new Worker(pushQueue, new ClusterPushReconciler(pushCaches, kube, events, notifier, time), working("clusterpushsecret", metrics.ClusterPushes.Observe), time, logger);
    }

    public IEnumerable<ClusterExternalSecret> Sources => caches.Sources.Cache.Snapshot();

    public IEnumerable<ClusterPushSecret> Pushes => pushCaches.Sources.Cache.Snapshot();

    public Task FollowAsync(CancellationToken cancellationToken) => Task.WhenAll(
        options.ClusterExternalSecrets ? caches.Sources.RunAsync(cancellationToken) : Task.CompletedTask,
        options.ClusterPushSecrets ? pushCaches.Sources.RunAsync(cancellationToken) : Task.CompletedTask);

    /// <summary>Works, once its kinds are there, until cancelled.</summary>
    public Task WorkAsync(CancellationToken cancellationToken) => Task.WhenAll(
        options.ClusterExternalSecrets ? WorkAsync(caches.Sources.WaitForSyncAsync(cancellationToken), worker, cancellationToken) : Task.CompletedTask,
        options.ClusterPushSecrets
            ? WorkAsync(Task.WhenAll(pushCaches.Sources.WaitForSyncAsync(cancellationToken), pushCaches.WaitForMadeAsync(cancellationToken)), pushWorker, cancellationToken)
            : Task.CompletedTask);

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
