using GitOpsSecrets.Controller.External.Announcements;
using GitOpsSecrets.Controller.External.Clusterwide;
using GitOpsSecrets.Controller.External.Manifests;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.External.States;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.External.Target;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Generators;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// External Secrets in one piece: made and joined here. Waits for its kinds to be installed; then caches on every replica, workers on the leader.
/// </summary>
internal sealed class ExternalParts : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    private readonly KubeClient kube;
    private readonly ControllerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ExternalCaches caches;
    private readonly GeneratorCaches generatorCaches;
    private readonly ManifestWatches manifests;
    private readonly ExternalMetrics metrics;
    private readonly StoreAccess access;
    private readonly AnswerCache answers;
    private readonly EventRecorder[] recorders;
    private readonly WorkQueue queue;
    private readonly WorkQueue storeQueue;
    private readonly Worker worker;
    private readonly Worker storeWorker;
    private readonly ClusterwideParts clusterwide;
    private readonly StateParts states;
    private readonly PushParts push;
    private readonly Announcer announcer;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="secrets">The metadata of Secrets, watched by others; null when they do not watch all that is needed here.</param>
    public ExternalParts(
        KubeClient kube, IReadOnlyList<Informer<PartialObjectMetadata>>? secrets, Func<string, EventRecorder> recorder, SecretWriter writer, ProviderCatalog providers, GeneratorCatalog generators, IProviderHttp http, ControllerOptions options,
        Metrics metrics, Notifier notifier, Func<CancellationToken, Task<CancellationToken>> gate, TimeProvider time, ILogger logger)
    {
        (this.kube, this.options, this.time, this.logger) = (kube, options, time, logger);
        this.metrics = new ExternalMetrics(metrics, options.ExtendedMetricLabels);
        recorders = [recorder("external-secrets"), recorder("secret-store"), recorder("cluster-secret-store"), recorder("pushsecret")];
        (queue, storeQueue) = (new WorkQueue(time, Backoff.Default(Chance.Next)), new WorkQueue(time, Backoff.Default(Chance.Next)));
        var ledger = new ExternalLedger(time);
        generatorCaches = new GeneratorCaches(kube, generators, options, time, logger);
        var credentials = new GeneratorCredentials();
        manifests = new ManifestWatches(kube, options, time, logger);
        caches = new ExternalCaches(kube, secrets, generatorCaches, ledger, options, time, logger);
        answers = new AnswerCache(options.AnswerCacheBytes, time);
        access = new StoreAccess(kube, providers, http, this.metrics, answers, options.StoreGate, caches.VersionOf, time);
        var watches = new ExternalWatches(caches, generatorCaches, manifests, credentials, access, ledger, queue, storeQueue, options);
        watches.Connect();

        var runner = new GeneratorRunner(new GeneratorReader(kube, credentials, caches.Stores.IsForeign, time), generators, http, this.metrics, time);
        states = new StateParts(kube, runner, options, name => Working(name, gate, null), time, logger);
        var collector = new ValueCollector(new StoreReader(caches.Stores, access, answers, new ExpectedReferences(caches, ledger, options.GenericTargets, time), new StoreWaits(time)), runner, new EntryRules(time));
        var renderer = new TargetRenderer(new TargetRendererOptions
        {
            LeftDelimiter = options.TemplateLeftDelimiter,
            RightDelimiter = options.TemplateRightDelimiter,
            Execution = new ExecuteOptions { Time = time },
        });
        var maker = new TargetMaker(kube, renderer);
        var report = new ExternalReport(kube, recorders[0], ledger, this.metrics, notifier, Chance.Next, time, logger);
        var (kinds, restarter) = (new ManifestKinds(kube), new WorkloadRestarter(kube, recorders[0], time));
        var orphans = new TargetOrphans(kube, caches, kinds, manifests, writer, options.GenericTargets);
        var secretTargets = new TargetWriter(maker, orphans, writer, restarter, ledger);
        var otherTargets = new ManifestWriter(kube, kinds, manifests, maker, orphans, restarter, ledger, options.GenericTargets);
        var reconciler = new ExternalReconciler(
            caches, collector, secretTargets, otherTargets, report, ledger, new ExternalRetirement(kube, writer), access, states.Keeper, this.metrics, time);
        worker = new Worker(queue, reconciler, Working("externalsecret", gate, Observe), time, logger);

        var stores = new StoreReconciler(
            caches.FindStore, caches.Stores, access, providers, new StoreReport(kube, recorders[1], recorders[2], time, logger), watches.OnWell, options.StoreRequeueInterval, Chance.Next);
        storeWorker = new Worker(storeQueue, stores, Working("secretstore", gate, this.metrics.ObserveStore), time, logger);
        push = new PushParts(kube, caches, generatorCaches, credentials, access, runner, maker, states.Keeper, recorders[3], this.metrics.Pushes, notifier, options, name => Working(name, gate, null), time, logger);
        announcer = new Announcer(caches, access, providers, ledger, queue, metrics, time);
        clusterwide = new ClusterwideParts(kube, caches, push.Caches, (name, observe) => Working(name, gate, observe), this.metrics, recorders[0], notifier, options, time, logger);
    }

    /// <summary>Has ExternalSecrets refreshed whose values are said to be others.</summary>
    public Announcer Announcer => announcer;

    /// <summary>Completes when the kinds are there and the caches filled.</summary>
    public Task Ready => ready.Task;

    /// <summary>Whether nothing is in hand, and nothing waits but for time: a test may move the clock.</summary>
    public bool IsIdle => queue.IsIdle && storeQueue.IsIdle && push.IsIdle;

    /// <summary>Whether the watch has shown this Secret: then, too.</summary>
    /// <param name="version">This version of it; null for any.</param>
    public bool Shows(NamespacedName secret, string? version = null) => caches.VersionOf(new ClusterRecord(IsSecret: true, secret, null)) is { } shown && (version ?? shown) == shown;

    /// <summary>Raised after each pass over an ExternalSecret, on a worker's thread.</summary>
    public event Action<WorkObservation>? Worked;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var afterWork = new CancellationTokenSource();
        Task[] machinery = [.. recorders.Select(recorder => recorder.RunAsync(afterWork.Token)), SweepAsync(afterWork.Token)];
        try
        {
            await WaitForKindsAsync(cancellationToken).ConfigureAwait(false);
            machinery =
            [
                .. machinery, caches.RunAsync(afterWork.Token), generatorCaches.RunAsync(afterWork.Token), manifests.RunAsync(afterWork.Token), states.FollowAsync(afterWork.Token),
                options.PushSecrets || options.ClusterPushSecrets ? push.FollowAsync(afterWork.Token) : Task.CompletedTask,
                clusterwide.FollowAsync(afterWork.Token),
            ];
            await caches.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
            ready.TrySetResult();
            await Task.WhenAll(
                worker.RunAsync(cancellationToken), storeWorker.RunAsync(cancellationToken), clusterwide.WorkAsync(cancellationToken),
                options.PushSecrets ? push.WorkAsync(cancellationToken) : Task.CompletedTask, options.GeneratorStates ? states.WorkAsync(cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
        }
        finally
        {
            await afterWork.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(machinery).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task WriteMetricsAsync(Stream stream, CancellationToken cancellationToken) =>
        metrics.WriteAsync(stream, caches, clusterwide, access, answers, push.Caches.All, queue.Depth, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        announcer.Dispose();
        queue.Dispose();
        storeQueue.Dispose();
        clusterwide.Dispose();
        push.Dispose();
        states.Dispose();
        await access.DisposeAsync().ConfigureAwait(false);
    }

    private void Observe(WorkObservation observation)
    {
        metrics.Observe(observation);
        Worked?.Invoke(observation);
    }

    private WorkerOptions Working(string name, Func<CancellationToken, Task<CancellationToken>> gate, Action<WorkObservation>? observe) =>
        new() { Name = name, Parallelism = options.Workers, LongPasses = new LongPasses(time), GracePeriod = options.GracePeriod, Gate = gate, Observe = observe };

    /// <summary>A cluster without External Secrets is not asked for its kinds again and again by six watches, nor is its log filled.</summary>
    private async Task WaitForKindsAsync(CancellationToken cancellationToken)
    {
        var told = false;
        // Who may look into some namespaces only may not ask about all.
        var inOne = new ListQuery { PageSize = 1, Namespace = options.Namespaces?[0] ?? "" };
        for (var wait = FirstLook; ; wait = wait * 2 < LongestLook ? wait * 2 : LongestLook)
        {
            try
            {
                await kube.ListPageAsync(ExternalKinds.ExternalSecrets, inOne, null, cancellationToken).ConfigureAwait(false);
                await kube.ListPageAsync(ExternalKinds.SecretStores, inOne, null, cancellationToken).ConfigureAwait(false);
                if (options.ClusterStores) await kube.ListPageAsync(ExternalKinds.ClusterSecretStores, new ListQuery { PageSize = 1 }, null, cancellationToken).ConfigureAwait(false);
                ExternalLog.IsOn(logger);
                return;
            }
            catch (KubeApiException refused) when (refused.IsNotFound || refused.IsForbidden)
            {
                if (!told) ExternalLog.KindsAreAbsent(logger);
                told = true;
            }
            catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
            {
                // The API server is not there yet: no word about that here, the other watches say it.
            }
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(SweepInterval, time, cancellationToken).ConfigureAwait(false);
            await access.SweepAsync().ConfigureAwait(false);
        }
    }
}
