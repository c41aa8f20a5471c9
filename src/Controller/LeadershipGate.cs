using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller;

/// <summary>
/// The right to work. With a Lease, one replica at a time has it. Clusters that run Sealed Secrets grant no access to Leases and
/// run one replica: there the right is given without one, and the log says so.
/// </summary>
internal sealed partial class LeadershipGate(KubeClient kube, ControllerOptions options, string identity, Metrics metrics, TimeProvider time, ILogger logger)
{
    private readonly TaskCompletionSource<LeaderElection?> decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Stands for election until cancelled; then gives the Lease back.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.LeaderElect || await MayNotUseLeasesAsync(cancellationToken).ConfigureAwait(false))
        {
            metrics.Leader.Set(1);
            decided.TrySetResult(null);
            return;
        }
        var election = new LeaderElection(kube, new LeaderElectionOptions
        {
            Lease = Lease,
            Identity = identity,
            LeaseDuration = options.LeaseDuration,
            RenewDeadline = options.LeaseRenewDeadline,
            RetryPeriod = options.LeaseRetryPeriod,
        }, time, logger);
        election.LeadershipGained += () => metrics.Leader.Set(1);
        election.LeadershipLost += () => metrics.Leader.Set(0);
        decided.TrySetResult(election);
        await election.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether this replica has the right at this very moment.</summary>
    public bool IsHeld => decided.Task.IsCompletedSuccessfully && (decided.Task.Result?.IsLeader ?? true);

    /// <summary>Waits for the right; the token is cancelled when it is lost.</summary>
    public async Task<CancellationToken> WaitAsync(CancellationToken cancellationToken)
    {
        var election = await decided.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return election is null ? CancellationToken.None : await election.WaitUntilLeaderAsync(cancellationToken).ConfigureAwait(false);
    }

    private NamespacedName Lease => new(options.OwnNamespace, options.LeaseName);

    private async Task<bool> MayNotUseLeasesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await kube.FindAsync(Kube.Lease.NewKind(), Lease, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (KubeApiException refused) when (refused.IsForbidden)
        {
            WorkingWithoutLease(logger, Lease);
            return true;
        }
        catch (Exception failure) when (failure is KubeApiException or KubeTransportException)
        {
            return false; // The election tries again, and again.
        }
    }

    [LoggerMessage(LogLevel.Warning, "no access to Lease {Lease}: working without leader election; run one replica only, or grant get, create and update on leases")]
    private static partial void WorkingWithoutLease(ILogger logger, NamespacedName lease);
}
