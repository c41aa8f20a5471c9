using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// Everything about SopsSecrets, joined. A cluster may lack the definition of the kind for as long as it likes: then this part waits for it, and
/// nothing else does.
/// </summary>
internal sealed class SopsSync : IDisposable
{
    private readonly SopsCaches caches;
    private readonly UnreadableReconciler reconciler;
    private readonly WorkQueue queue;
    private readonly SopsRemoteKeys services;
    private readonly Metrics metrics;
    private readonly ControllerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <param name="secrets">The shared watch on Secrets, not yet running.</param>
    /// <param name="kube">For reading and writing.</param>
    /// <param name="writer">The only one who writes Secrets.</param>
    /// <param name="events">For events.</param>
    /// <param name="metrics">For counts.</param>
    /// <param name="options">Settings.</param>
    /// <param name="notifier">Told of outcomes.</param>
    /// <param name="surroundings">Clock and environment.</param>
    /// <param name="logger">For names and reasons.</param>
    public SopsSync(
        KubeClient kube, IReadOnlyList<Informer<PartialObjectMetadata>> secrets, SecretWriter writer, EventRecorder events, Metrics metrics,
        ControllerOptions options, Notifier notifier, ControllerSurroundings surroundings, ILogger logger)
    {
        this.options = options;
        this.metrics = metrics;
        this.logger = logger;
        time = surroundings.Time;
        queue = new WorkQueue(time, Backoff.Default(Chance.Next));
        var ledger = new SopsLedger(time);
        services = new SopsRemoteKeys(surroundings.Http ?? KnownProviders.Http(options, time), metrics, surroundings.Environment, time);
        var keys = new SopsKeySources(writer, services, options, surroundings.Environment);
        caches = new SopsCaches(kube, secrets, ledger, options, time, logger);
        if (options.Sops) new SopsWatches(caches, keys, ledger, queue).Connect();
        var report = new SopsReport(kube, events, ledger, metrics, options.UpdateStatus, notifier, time, logger);
        var inner = new SopsReconciler(caches, keys, new SopsOpener(keys, options.SopsAllowUnbound), writer, new SopsOrphans(writer, ledger), new WorkloadRestarter(kube, events, time), report, ledger, options.SopsEnforceOwnership, metrics);
        reconciler = new UnreadableReconciler(inner, caches.Sources, new UnreadableReport(kube, events, SopsSecretKind.Unreadable, options.UpdateStatus, report.Unreadable, time)).Connect(queue);
    }

    /// <summary>How often this process has decrypted, or tried.</summary>
    internal double Decryptions => metrics.SopsDecryptions.Value;

    /// <summary>How many Secrets this process has written, for whomever.</summary>
    internal double SecretWrites => metrics.SecretWrites.GetAllLabelValues().Sum(labels => metrics.SecretWrites.WithLabels(labels).Value);

    /// <summary>Whether nothing is in hand, and nothing waits but for time.</summary>
    internal bool IsIdle => queue.IsIdle;

    /// <summary>Raised after each pass, on a worker's thread.</summary>
    internal event Action<WorkObservation>? Worked;

    /// <summary>Follows the API server until cancelled.</summary>
    public Task FollowAsync(CancellationToken cancellationToken) => options.Sops ? caches.RunAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Works until cancelled, once the caches are filled and while <paramref name="gate"/> gives the right.</summary>
    public async Task WorkAsync(Func<CancellationToken, Task<CancellationToken>> gate, CancellationToken cancellationToken)
    {
        if (!options.Sops) await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        await caches.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        var workerOptions = new WorkerOptions
        {
            Name = "sopssecret",
            Parallelism = options.Workers,
            LongPasses = new LongPasses(time),
            GracePeriod = options.GracePeriod,
            Gate = gate,
            Observe = observation => Worked?.Invoke(observation),
        };
        await new Worker(queue, reconciler, workerOptions, time, logger).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        queue.Dispose();
        services.Dispose();
    }
}
