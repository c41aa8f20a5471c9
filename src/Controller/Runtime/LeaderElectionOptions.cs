namespace GitOpsSecrets.Controller.Runtime;

/// <summary>Which Lease decides, and how fast. <c>RetryPeriod</c> &lt; <c>RenewDeadline</c> &lt; <c>LeaseDuration</c>.</summary>
internal sealed record LeaderElectionOptions
{
    public required NamespacedName Lease { get; init; }

    /// <summary>Who we are. It must be another in every process: two with one name would both lead.</summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait, from the last renewal they saw, before they take over.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the leader leads on after its last renewal began. The distance to the duration is the safety margin.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the leader renews and the others look; the others add up to a fifth of jitter.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    public Func<double> Jitter { get; init; } = Chance.Next;
}
