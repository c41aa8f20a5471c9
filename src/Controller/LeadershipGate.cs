using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller;

/// <summary>
/// The right to work. With a Lease, one replica at a time has it. Clusters that run Sealed Secrets grant no access to Leases and
/// run one replica: there the right is given without one, and the log says so. The Lease is asked for again and again all the same:
/// <code>
///   forbidden some times in a row ──▶ works without ── the Lease can be had ──▶ leads by it, or stops: another has it
///   it could be had once, or is there and may not be written ──▶ never without it again: the others may be leading by it
/// </code>
/// </summary>
internal sealed partial class LeadershipGate : IDisposable
{
    /// <summary>So many tries, a retry period apart: a role that comes with the replicas, or a moment later, is waited for.</summary>
    private const int Patience = LeaderElection.TriesBeforeRest;

    /// <summary>How often a right that stays away is told of.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(10);

    private readonly bool isElecting;
    private readonly NamespacedName lease;
    private readonly LeaderElection election;
    private readonly Metrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock changing = new();
    private TaskCompletionSource<CancellationToken> without = NewWithout();
    private CancellationTokenSource? term;
    private bool isShared;
    private long? toldAt;

    public LeadershipGate(KubeClient kube, ControllerOptions options, string identity, Metrics metrics, TimeProvider time, ILogger logger)
    {
        this.metrics = metrics;
        this.time = time;
        this.logger = logger;
        isElecting = options.LeaderElect;
        lease = new NamespacedName(options.OwnNamespace, options.LeaseName);
        election = new LeaderElection(kube, new LeaderElectionOptions
        {
            Lease = lease,
            Identity = identity,
            LeaseDuration = options.LeaseDuration,
            RenewDeadline = options.LeaseRenewDeadline,
            RetryPeriod = options.LeaseRetryPeriod,
        }, time, logger);
        election.LeadershipGained += Measure;
        election.LeadershipLost += Measure;
        election.Settled += WorkByLease;
        election.Forbidden += OnForbidden;
    }

    /// <summary>Stands for election until cancelled; then gives the Lease back.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Measure();
        if (isElecting) await election.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether this replica has the right at this very moment.</summary>
    public bool IsHeld
    {
        get { lock (changing) return !isElecting || term is not null || election.IsLeader; }
    }

    /// <summary>Waits for the right; the token is cancelled when it is lost.</summary>
    public async Task<CancellationToken> WaitAsync(CancellationToken cancellationToken)
    {
        if (!isElecting) return CancellationToken.None;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<CancellationToken> unled;
        lock (changing) unled = without.Task.WaitAsync(enough.Token);
        var first = await Task.WhenAny(election.WaitUntilLeaderAsync(enough.Token), unled).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return await first.ConfigureAwait(false);
    }

    public void Dispose() => term?.Dispose();

    private void OnForbidden(KubeApiException refused, int inARow)
    {
        // It is there: whoever may write it may be leading by it.
        if (refused.Verb == KubeVerb.Update) EndWorkWithout();
        if (inARow < Patience) return;
        if (isShared)
        {
            StandBy(refused);
            return;
        }
        lock (changing)
        {
            if (term is not null) return;
            term = new CancellationTokenSource();
        }
        WorkingWithoutLease(logger, lease);
        Measure();
        without.TrySetResult(term.Token);
    }

    private void StandBy(KubeApiException refused)
    {
        if (toldAt is { } told && time.GetElapsedTime(told) < Reminder) return;
        toldAt = time.GetTimestamp();
        StandingBy(logger, lease, refused.Verb == KubeVerb.Read ? "get" : refused.Verb, refused.Resource?.ToString() ?? "leases");
    }

    private void WorkByLease()
    {
        if (EndWorkWithout()) WorkingByLease(logger, lease);
    }

    /// <returns><c>false</c> when there was none.</returns>
    private bool EndWorkWithout()
    {
        CancellationTokenSource? ended;
        lock (changing)
        {
            isShared = true;
            ended = term;
            term = null;
            if (ended is null) return false;
            without = NewWithout();
        }
        Measure();
        ended.Cancel();
        ended.Dispose();
        return true;
    }

    private void Measure() => metrics.Leader.Set(IsHeld ? 1 : 0);

    private static TaskCompletionSource<CancellationToken> NewWithout() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "no access to Lease {Lease}: working without leader election; run one replica only, or grant get, create and update on leases")]
    private static partial void WorkingWithoutLease(ILogger logger, NamespacedName lease);

    [LoggerMessage(LogLevel.Warning, "no right to {Verb} {Resource}: doing nothing, for another replica may lead by Lease {Lease}; grant get, create and update on leases")]
    private static partial void StandingBy(ILogger logger, NamespacedName lease, string verb, string resource);

    [LoggerMessage(LogLevel.Information, "Lease {Lease} can be had now: working by leader election from here on")]
    private static partial void WorkingByLease(ILogger logger, NamespacedName lease);
}
