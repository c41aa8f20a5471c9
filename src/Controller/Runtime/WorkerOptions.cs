namespace GitOpsSecrets.Controller.Runtime;

/// <summary>How a <see cref="Worker"/> works.</summary>
internal sealed record WorkerOptions
{
    /// <summary>The controller's name in logs and metrics, such as <c>sealedsecret</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Keys reconciled at the same time.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>Where passes go that take long, as they ask others than the API server. <c>null</c>: each keeps its place among those that are worked on.</summary>
    public LongPasses? LongPasses { get; init; }

    /// <summary>How long reconciles that run at shutdown may go on before they are cancelled.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Waits for the right to work, and returns a token that is cancelled when the right is lost (<see cref="LeaderElection.WaitUntilLeaderAsync"/>).
    /// <c>null</c>: always work.
    /// </summary>
    public Func<CancellationToken, Task<CancellationToken>>? Gate { get; init; }

    /// <summary>Told about every finished reconcile; for metrics. Called on worker threads, so it must be quick and thread-safe.</summary>
    public Action<WorkObservation>? Observe { get; init; }
}
