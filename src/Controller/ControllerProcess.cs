using System.Security.Cryptography;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Admission;
using GitOpsSecrets.Controller.External.Announcements;
using GitOpsSecrets.Controller.Http;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Logging;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Restarts;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller;

/// <summary>
/// One controller: everything is made and joined here, and run in this order: HTTP, so that probes are answered; the keys and the caches,
/// on every replica; the workers and the rotation of keys, on the leader. It stops the other way round.
/// </summary>
public sealed partial class ControllerProcess : IAsyncDisposable
{
    private readonly ControllerOptions options;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly Metrics metrics = new(ControllerVersion.Number);
    private readonly KubeConnection connection;
    private readonly SealingKeyStore keys = new();
    private readonly OpeningTurns turns = new();
    private readonly EventRecorder events;
    private readonly SealingKeyWatches keyWatches;
    private readonly WorkQueue keyQueue;
    private readonly Worker keyWorker;
    private readonly KeyRotation rotation;
    private readonly SealedCaches caches;
    private readonly WorkQueue queue;
    private readonly Worker worker;
    private readonly ExternalParts? external;
    private readonly Notifier notifier;
    private readonly SopsSync sops;
    private readonly AdmissionParts? admission;
    private readonly AnnouncementParts? announcements;
    private readonly LeadershipGate gate;
    private readonly HttpFront http;
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="KubeConfigurationException">It cannot be told how to reach the API server.</exception>
    internal ControllerProcess(ControllerOptions options, ControllerSurroundings surroundings)
    {
        this.options = options;
        time = surroundings.Time;
        var slog = new SlogWriter(options.LogInfoToStdout ? surroundings.Output : surroundings.Error, surroundings.Error, options.LogAsJson, time);
        loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddProvider(new SlogLoggerProvider(slog)));
        logger = loggers.CreateLogger("controller");

        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = options.Kubeconfig });
        var kube = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = options.KubeClientQps, Burst = options.KubeClientBurst }, time));
        events = new EventRecorder(Unlimited(), new EventRecorderOptions { Capacity = 10_000 }, time, logger);
        notifier = new Notifier(options.Notifications, metrics, time, loggers.CreateLogger("notifications"));
        var writer = new SecretWriter(kube, metrics);
        gate = new LeadershipGate(Unlimited(), options, Identity(surroundings), metrics, time, logger);

        keyQueue = new WorkQueue(time, Backoff.Default(Chance.Next));
        keyWatches = new SealingKeyWatches(kube, options, keyQueue, time, logger);
        var keyReconciler = new SealingKeyReconciler(kube, keyWatches.Find, keys, events, options, logger);
        keyWorker = new Worker(keyQueue, keyReconciler, KeyWorkerOptions(), time, logger);
        rotation = new KeyRotation(keys, writer, events, options, notifier, time, logger);

        var unsealing = new UnsealOptions { AcceptLegacyData = options.AcceptLegacyData, Templates = new SecretTemplate(time).Render };
        var ledger = new WriteLedger(time);
        caches = new SealedCaches(kube, ledger, options, time, logger);
        queue = new WorkQueue(time, Backoff.Default(Chance.Next));
        new SealedWatches(caches, keys, ledger, queue).Connect();
        var report = new SealedReport(kube, events, ledger, metrics, options.UpdateStatus, notifier, time, logger);
        var reconciler = new SealedReconciler(kube, caches, keys, writer, new WorkloadRestarter(kube, events, time), report, ledger, unsealing, options.OldGcBehavior, metrics, Chance.Next);
        var told = new UnreadableReconciler(reconciler, caches.Sources, new UnreadableReport(kube, events, SealedSecretKind.Unreadable, options.UpdateStatus, report.Unreadable, time)).Connect(queue);
        worker = new Worker(queue, told, WorkerOptions(), time, logger);

        external = options.ExternalSecrets ? NewExternal(kube, writer, surroundings) : null;
        sops = new SopsSync(kube, caches.Secrets, writer, events, metrics, options, notifier, surroundings, loggers.CreateLogger("sops"));
        admission = options.WebhookAddress is null ? null : new AdmissionParts(kube, writer, surroundings.Providers ?? Catalog.Providers(options.ProviderDefinitions), options, loggers, time, logger);
        announcements = options.EventAddress is null || external is null ? null : new AnnouncementParts(kube, writer, external.Announcer, Announces, surroundings.Http ?? KnownProviders.Http(options, time), options, metrics, loggers, time, logger);

        var routes = new HttpRoutes(options, keys, unsealing, turns, () => ready.Task.IsCompletedSuccessfully && keys.Ring.Current is not null, time);
        var keyMetrics = new KeyMetrics(metrics, keys, caches, options.ExpiryWarning, time);
        var measurements = new MetricsEndpoint(metrics, () => Refresh(keyMetrics), WriteSeriesAsync);
        http = new HttpFront(options, metrics, loggers, time, routes.Map, measurements.Map);

    }

    /// <summary>Completes when the HTTP ports are open and <see cref="ApiAddress"/> is known.</summary>
    public Task Listening => listening.Task;

    /// <summary>Completes when the keys are loaded and the caches filled: work begins, if this replica leads.</summary>
    public Task Ready => ready.Task;

    /// <summary>
    /// The longest that the end may take with the flags' defaults: the grace period, and after it the Lease is given back, the last events are written and the other ports close,
    /// all at the same time. A pod's terminationGracePeriodSeconds must be longer.
    /// </summary>
    public static TimeSpan LongestEnd { get; } = new ControllerOptions().GracePeriod + SecureFront.Patience;

    /// <summary>Where the API listens, with the real port; <c>null</c> before <see cref="Listening"/>.</summary>
    public Uri? ApiAddress => http.ApiAddress;

    /// <summary>Where the metrics are; <c>null</c> before <see cref="Listening"/>.</summary>
    public Uri? MetricsAddress => http.MetricsAddress;

    /// <summary>Whether no SealedSecret is in hand, and none waits but for time.</summary>
    internal bool IsIdle => queue.IsIdle;

    /// <summary>Raised after each pass over a SealedSecret, on a worker's thread.</summary>
    internal event Action<WorkObservation>? Worked;

    internal SealingKeyStore Keys => keys;

    /// <summary>What serves ExternalSecrets; <c>null</c> when that is off.</summary>
    internal ExternalParts? External => external;

    /// <summary>The part that serves SopsSecrets.</summary>
    internal SopsSync Sops => sops;

    /// <summary>The admission webhook; <c>null</c> when that is off.</summary>
    internal AdmissionParts? Admission => admission;

    /// <summary>Where services tell of changed secrets; <c>null</c> when that is off.</summary>
    internal AnnouncementParts? Announcements => announcements;

    /// <summary>Completes when nothing is left to do about keys before some date: a test may move the clock.</summary>
    internal Task RotationWaits => rotation.Waits;

    /// <summary>Makes a new sealing key in the background, as SIGUSR1 does.</summary>
    public void RequestKey() => rotation.Request();

    /// <summary>Works until cancelled; then finishes what is in hand, within the grace period, and returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LogStart(logger, ControllerVersion.Number, OaepBackend.Name, options.OwnNamespace, connection.Server);
        foreach (var warning in options.Warnings) LogSetting(logger, warning);
        using var afterWork = new CancellationTokenSource();
        using var work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // One limit for all that is in hand, from the request to stop on: what the work has used of it, the HTTP requests have no longer.
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var onStop = cancellationToken.Register(() => limit.CancelAfter(options.GracePeriod)).ConfigureAwait(false);
        try
        {
            await http.StartAsync(cancellationToken).ConfigureAwait(false);
            listening.TrySetResult();
            LogListening(logger, ApiAddress, MetricsAddress);
            Task[] machinery = [events.RunAsync(afterWork.Token), gate.RunAsync(afterWork.Token), keyWatches.RunAsync(afterWork.Token), caches.RunAsync(afterWork.Token), sops.FollowAsync(afterWork.Token), notifier.RunAsync(afterWork.Token), AdmitAsync(afterWork.Token), HearAsync(afterWork.Token)];
            Task[] labour = [keyWorker.RunAsync(work.Token), WorkWhenReadyAsync(work.Token), WorkExternallyAsync(work.Token), RotateWhileLeadingAsync(work.Token), sops.WorkAsync(gate.WaitAsync, work.Token)];
            await FirstEndAsync(machinery, labour, work).ConfigureAwait(false);
            await afterWork.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(machinery.Select(QuietlyAsync)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped before it had begun.
        }
        finally
        {
            listening.TrySetCanceled(CancellationToken.None);
            ready.TrySetCanceled(CancellationToken.None);
            if (!cancellationToken.IsCancellationRequested) limit.CancelAfter(options.GracePeriod);
            await http.StopAsync(limit.Token).ConfigureAwait(false);
            LogStop(logger);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync().ConfigureAwait(false);
        queue.Dispose();
        keyQueue.Dispose();
        sops.Dispose();
        notifier.Dispose();
        rotation.Dispose();
        gate.Dispose();
        if (external is not null) await external.DisposeAsync().ConfigureAwait(false);
        if (admission is not null) await admission.DisposeAsync().ConfigureAwait(false);
        if (announcements is not null) await announcements.DisposeAsync().ConfigureAwait(false);
        turns.Dispose();
        connection.Dispose();
        loggers.Dispose();
    }

    // Leases and events must not queue behind a thousand writes.
    private KubeClient Unlimited() => new(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, time));

    // With a label selector, or none at all, the watch of Secrets for SealedSecrets shows less than ExternalSecrets need.
    private ExternalParts NewExternal(KubeClient kube, SecretWriter writer, ControllerSurroundings surroundings) => new(
        kube, options.SeesEverySecret ? caches.Secrets : null, component => new EventRecorder(Unlimited(), new EventRecorderOptions { Capacity = 10_000, Component = component }, time, logger), writer,
        surroundings.Providers ?? Catalog.Providers(options.ProviderDefinitions), surroundings.Generators ?? Catalog.Generators(), surroundings.Http ?? KnownProviders.Http(options, time), options, metrics, notifier, gate.WaitAsync, time, logger);

    private Task AdmitAsync(CancellationToken cancellationToken) => admission?.RunAsync(cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);

    private Task HearAsync(CancellationToken cancellationToken) => announcements?.RunAsync(cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);

    /// <summary>Whether an event would be acted on: by the leader, once it knows who reads what.</summary>
    private bool Announces() => gate.IsHeld && external is { Ready.IsCompletedSuccessfully: true };

    private Task WorkExternallyAsync(CancellationToken cancellationToken) => external?.RunAsync(cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);

    private async Task WriteSeriesAsync(Stream stream, CancellationToken cancellationToken)
    {
        await new ConditionInfo(caches).WriteAsync(stream, cancellationToken).ConfigureAwait(false);
        if (external is not null) await external.WriteMetricsAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private async Task WorkWhenReadyAsync(CancellationToken cancellationToken)
    {
        await keyWatches.WaitForKeysAsync(cancellationToken).ConfigureAwait(false);
        await caches.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        ready.TrySetResult();
        await worker.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RotateWhileLeadingAsync(CancellationToken cancellationToken)
    {
        await keyWatches.WaitForKeysAsync(cancellationToken).ConfigureAwait(false);
        await rotation.RunAsync(gate.WaitAsync, cancellationToken).ConfigureAwait(false);
    }

    private WorkerOptions WorkerOptions() => new()
    {
        Name = "sealedsecret",
        Parallelism = options.Workers,
        GracePeriod = options.GracePeriod,
        Gate = gate.WaitAsync,
        Observe = Observe,
    };

    private WorkerOptions KeyWorkerOptions() => new()
    {
        Name = "sealingkey",
        Parallelism = 1,
        GracePeriod = options.GracePeriod,
        Observe = keyWatches.OnWorked,
    };

    private void Observe(WorkObservation observation)
    {
        metrics.ReconcileDuration.WithLabels(observation.Outcome.ToString().ToLowerInvariant()).Observe(observation.Took.TotalSeconds);
        Worked?.Invoke(observation);
    }

    private void Refresh(KeyMetrics keyMetrics)
    {
        keyMetrics.Refresh();
        metrics.QueueDepth.Set(queue.Depth);
    }

    /// <summary>Labour does not end on its own; if any part fails, all are stopped and the failure is told.</summary>
    private static async Task FirstEndAsync(Task[] machinery, Task[] labour, CancellationTokenSource stop)
    {
        foreach (var part in machinery)
        {
            _ = part.ContinueWith(
                static (_, state) => ((CancellationTokenSource)state!).Cancel(), stop, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        await Task.WhenAny(labour).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(labour.Select(QuietlyAsync)).ConfigureAwait(false);
    }

    private static async Task QuietlyAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how it was asked to end.
        }
    }

    /// <summary>The pod's name helps whoever reads the Lease; the rest makes two processes of one name differ.</summary>
    private static string Identity(ControllerSurroundings surroundings)
    {
        var name = surroundings.Environment.GetValueOrDefault("POD_NAME", System.Environment.MachineName);
        return $"{name}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
    }

    [LoggerMessage(LogLevel.Information, "Starting sealed-secrets controller {Version}, RSA by {Backend}, own namespace {Namespace}, API server {Server}")]
    private static partial void LogStart(ILogger logger, string version, string backend, string @namespace, string server);

    [LoggerMessage(LogLevel.Information, "listening on {Api}, metrics on {Metrics}")]
    private static partial void LogListening(ILogger logger, Uri? api, Uri? metrics);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void LogSetting(ILogger logger, string warning);

    [LoggerMessage(LogLevel.Information, "stopped")]
    private static partial void LogStop(ILogger logger);
}
