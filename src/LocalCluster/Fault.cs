namespace GitOpsSecrets.LocalCluster;

/// <summary>A fault in force; dispose to lift it.</summary>
public sealed class Fault : IDisposable
{
    private readonly Action<Fault> lift;
    private int left;
    private int hits;

    internal Fault(FaultKind kind, FaultMatch match, int times, Action<Fault> lift)
    {
        Kind = kind;
        Match = match;
        left = times;
        this.lift = lift;
    }

    /// <summary>How many requests it has met.</summary>
    public int Hits => Volatile.Read(ref hits);

    internal FaultKind Kind { get; }

    internal FaultMatch Match { get; }

    internal int StatusCode { get; init; }

    internal int? RetryAfterSeconds { get; init; }

    internal TimeSpan Delay { get; init; }

    public void Dispose() => lift(this);

    /// <summary>Takes one of its times; the one who carries it out counts it.</summary>
    internal bool TryTake()
    {
        if (Interlocked.Decrement(ref left) >= 0) return true;
        Interlocked.Exchange(ref left, 0);
        return false;
    }

    internal void CountHit() => Interlocked.Increment(ref hits);
}
