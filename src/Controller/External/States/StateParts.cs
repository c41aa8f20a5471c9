using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.States;

/// <summary>What keeps and cleans up GeneratorStates, in one piece.</summary>
internal sealed class StateParts : IDisposable
{
    private readonly StateCaches caches;
    private readonly WorkQueue queue;
    private readonly Worker worker;

    public StateParts(KubeClient kube, GeneratorRunner generators, ControllerOptions options, Func<string, WorkerOptions> working, TimeProvider time, ILogger logger)
    {
        caches = new StateCaches(kube, options, time, logger);
        queue = new WorkQueue(time, Backoff.Default(Chance.Next));
        foreach (var sources in caches.Sources) sources.OnChange(change => queue.Add(change.Key));
        Keeper = new StateKeeper(kube, caches, generators, options.GeneratorGracePeriod, time);
        worker = new Worker(queue, new StateReconciler(caches, kube, generators, time), working("generatorstate"), time, logger);
    }

    public StateKeeper Keeper { get; }

    public Task FollowAsync(CancellationToken cancellationToken) => caches.RunAsync(cancellationToken);

    /// <summary>Works, once its kind is there, until cancelled.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        await caches.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        await worker.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => queue.Dispose();
}
