namespace GitOpsSecrets.GoTemplate;

/// <summary>
/// Bounds on one execution. Templates are tenants' input: none may take the process's memory, stack or time.
/// </summary>
public sealed record ExecuteLimits
{
    /// <summary>Four times what a Kubernetes Secret can hold.</summary>
    public int MaxOutputBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Bytes of text and lists made on the way, whether still in use or not, and what a function needs to make them. A Secret holds 1 MiB.
    /// </summary>
    public long MaxAllocatedBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Nodes visited, loop turns, and units of work inside functions.</summary>
    public long MaxSteps { get; init; } = 20_000_000;

    /// <summary>Templates that call templates. Go's own limit is 100,000.</summary>
    public int MaxDepth { get; init; } = 10_000;

    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(10);
}
