using System.Globalization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// One leader among the replicas, by a Lease. Never two:
/// <code>
///  leader     renewal begins ├──────── leads ────────┤ RenewDeadline
///  API server         └─ written
///  others                  └─ seen ├───────────── wait ─────────────┤ LeaseDuration, then take over
/// </code>
/// The leader's time starts before the write and is shorter; the others' starts after it and is longer, and each process measures
/// with its own monotonic clock, so neither the difference of clocks nor a request that hangs can make the two overlap.
/// Give it a client without a rate limit: a renewal must not queue behind a thousand status writes.
/// </summary>
internal sealed class LeaderElection(KubeClient client, LeaderElectionOptions options, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What is forbidden so many times in a row is asked for less often, for roles seldom change.</summary>
    public const int TriesBeforeRest = 4;
    private const int RestFactor = 5;

    private readonly KubeKind<Lease> leases = Lease.NewKind();
    private readonly Lock gate = new();
    private TaskCompletionSource<CancellationToken> leadership = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? term;
    private long renewedAt;
    private Lease? observed;
    private long observedAt;
    private int forbiddenInARow;
    private bool isResting;

    /// <summary>Raised when this process begins to lead.</summary>
    public event Action? LeadershipGained;

    /// <summary>Raised when this process leads no longer, for whatever reason.</summary>
    public event Action? LeadershipLost;

    /// <summary>Raised when the Lease was read and, where it was free, written: whoever leads now leads by it.</summary>
    public event Action? Settled;

    /// <summary>Raised when the API server forbade it: what, and how many times in a row that was; by then nobody is told in the log.</summary>
    public event Action<KubeApiException, int>? Forbidden;

    /// <summary>Whether this process leads at this very moment; false as soon as the last renewal is too old, even if nobody noticed yet.</summary>
    public bool IsLeader
    {
        get
        {
            lock (gate)
            {
                return term is { IsCancellationRequested: false } && timeProvider.GetElapsedTime(renewedAt) < options.RenewDeadline;
            }
        }
    }

    /// <summary>Waits until this process leads, and gives a token that is cancelled when it does so no longer.</summary>
    public Task<CancellationToken> WaitUntilLeaderAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A term that ran out is over before it is told.
            if (leadership.Task is { IsCompletedSuccessfully: true, Result.IsCancellationRequested: true })
            {
                leadership = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return leadership.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Stands for election, renews, stands again after losing, until cancelled; then gives the Lease back so that the next replica
    /// need not wait. Cancel it after the workers have stopped: cancelling ends the term.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await TryOnceAsync(cancellationToken);
                var pause = IsLeader ? options.RetryPeriod : options.RetryPeriod * (1 + (0.2 * options.Jitter()));
                if (isResting) pause *= RestFactor;
                await PauseAsync(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync();
        }
    }

    /// <summary>Between two tries; ended early when the term runs out, so that the loss is told at once.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, term?.Token ?? CancellationToken.None);
        try
        {
            await Task.Delay(pause, timeProvider, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            StepDown();
        }
    }

    private async Task TryOnceAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.RenewDeadline, timeProvider);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, term?.Token ?? CancellationToken.None);
        try
        {
            if (!await AcquireOrRenewAsync(any.Token))
            {
                StepDown();
            }

            (forbiddenInARow, isResting) = (0, false);
            Settled?.Invoke();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            RuntimeLog.LeaseUnreachable(logger, options.Lease, options.Identity, $"no answer in time from the API server at {client.Server}");
        }
        catch (KubeApiException refused) when (refused.IsForbidden && term is null && Forbidden is { } told)
        {
            // Whoever may read goes on looking: where there is no Lease, somebody may make one and lead by it.
            isResting = ++forbiddenInARow > TriesBeforeRest && refused.Verb != KubeVerb.Create;
            told(refused, forbiddenInARow);
        }
        catch (Exception exception) when (exception is KubeApiException or KubeTransportException)
        {
            // Somebody else's write makes the copy stale: look again next time. The term goes on until its deadline.
            observed = exception is KubeApiException { Code: 409 } ? null : observed;
            RuntimeLog.LeaseUnreachable(logger, options.Lease, options.Identity, KubeFailure.Describe(exception));
        }

        if (term is { IsCancellationRequested: true })
        {
            StepDown();
        }
    }

    /// <summary>One try. False: another holds the Lease.</summary>
    private async Task<bool> AcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetTimestamp();
        var current = IsLeader && observed is not null ? observed : await client.FindAsync(leases, options.Lease, cancellationToken);
        if (current is null)
        {
            Observe(await client.CreateAsync(leases, NewLease(), cancellationToken));
            Lead(begun);
            return true;
        }

        Observe(current);
        if (HeldByAnother(current) && timeProvider.GetElapsedTime(observedAt) < DurationOf(current))
        {
            return false;
        }

        Observe(await client.UpdateAsync(leases, Renewed(current), cancellationToken));
        Lead(begun);
        return true;
    }

    private bool HeldByAnother(Lease lease) =>
        lease.Spec?.HolderIdentity is { Length: > 0 } holder && holder != options.Identity;

    private TimeSpan DurationOf(Lease lease) =>
        lease.Spec?.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration;

    /// <summary>Remembers the Lease, and since when it has been as it is.</summary>
    private void Observe(Lease lease)
    {
        if (observed?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion || observed?.Metadata.Uid != lease.Metadata.Uid)
        {
            observedAt = timeProvider.GetTimestamp();
        }

        observed = lease;
    }

    private Lease NewLease() => new()
    {
        Metadata = new ObjectMeta { Name = options.Lease.Name, Namespace = options.Lease.Namespace },
        Spec = Held(0, Now()),
    };

    private Lease Renewed(Lease current)
    {
        var transitions = current.Spec?.LeaseTransitions ?? 0;
        return current.Spec?.HolderIdentity == options.Identity
            ? current with { Spec = Held(transitions, current.Spec.AcquireTime) }
            : current with { Spec = Held(transitions + 1, Now()) };
    }

    private LeaseSpec Held(int transitions, string? acquireTime) => new()
    {
        HolderIdentity = options.Identity,
        LeaseDurationSeconds = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds),
        AcquireTime = acquireTime,
        RenewTime = Now(),
        LeaseTransitions = transitions,
    };

    private string Now() => timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private void Lead(long begun)
    {
        var left = options.RenewDeadline - timeProvider.GetElapsedTime(begun);
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        CancellationTokenSource? started = null;
        lock (gate)
        {
            renewedAt = begun;
            if (term is null)
            {
                term = started = new CancellationTokenSource(left, timeProvider);
            }
            else
            {
                term.CancelAfter(left);
            }
        }

        if (started is not null)
        {
            RuntimeLog.LeadershipGained(logger, options.Lease, options.Identity);
            LeadershipGained?.Invoke();
            leadership.TrySetResult(started.Token);
        }
    }

    private void StepDown()
    {
        CancellationTokenSource? ended;
        lock (gate)
        {
            ended = term;
            term = null;
            if (ended is null)
            {
                return;
            }

            if (leadership.Task.IsCompleted)
            {
                leadership = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        ended.Cancel();
        ended.Dispose();
        RuntimeLog.LeadershipLost(logger, options.Lease, options.Identity);
        LeadershipLost?.Invoke();
    }

    /// <summary>
    /// Makes it nobody's Lease, with a duration that lets the next replica in at its next look. Read anew: the renewal that stopping
    /// interrupted may have been written.
    /// </summary>
    private async Task ReleaseAsync()
    {
        var led = term is not null;
        StepDown();
        if (!led)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(ReleaseTimeout, timeProvider);
        try
        {
            var current = await client.FindAsync(leases, options.Lease, timeout.Token);
            if (current?.Spec is { } spec && spec.HolderIdentity == options.Identity)
            {
                var freed = spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = Now() };
                await client.UpdateAsync(leases, current with { Spec = freed }, timeout.Token);
            }
        }
        catch (Exception exception) when (exception is KubeApiException or KubeTransportException or OperationCanceledException)
        {
            RuntimeLog.LeaseUnreachable(logger, options.Lease, options.Identity, KubeFailure.Describe(exception));
        }
    }
}
