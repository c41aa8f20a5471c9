namespace GitOpsSecrets.Controller.Kube;

/// <summary>How events are told.</summary>
internal sealed record EventRecorderOptions
{
    /// <summary>The source component that users and scripts filter by.</summary>
    public string Component { get; init; } = "sealed-secrets";

    /// <summary>An equal event within this time of the last one is counted up instead of written anew.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Events about one object at once; then one per <see cref="Refill"/>.</summary>
    public int Burst { get; init; } = 25;

    /// <summary>See <see cref="Burst"/>.</summary>
    public TimeSpan Refill { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Events waiting to be written; more are dropped and counted.</summary>
    public int Capacity { get; init; } = 1000;

    /// <summary>Objects and events remembered for counting up and for the rate.</summary>
    public int Remembered { get; init; } = 4096;

    /// <summary>How long events that wait at shutdown may take.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(3);
}
