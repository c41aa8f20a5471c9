namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// How long to wait after the n-th failure in a row of the same key: <c>initial</c>, doubling, never more than <c>maximum</c>.
/// Jitter takes up to a fifth off, so that keys that failed together do not come back together. Thread-safe.
/// </summary>
internal sealed class Backoff(TimeSpan initial, TimeSpan maximum, Func<double> jitter)
{
    private const double JitterShare = 0.2;

    private readonly Lock gate = new();
    private readonly Dictionary<NamespacedName, int> failures = [];

    public static TimeSpan DefaultInitial { get; } = TimeSpan.FromSeconds(1);
    public static TimeSpan DefaultMaximum { get; } = TimeSpan.FromMinutes(5);

    /// <summary>One second, doubling, to five minutes.</summary>
    public static Backoff Default(Func<double> jitter) => new(DefaultInitial, DefaultMaximum, jitter);

    /// <summary>Counts one more failure of <paramref name="key"/> and says how long to wait.</summary>
    public TimeSpan Next(NamespacedName key)
    {
        int before;
        lock (gate)
        {
            before = failures.GetValueOrDefault(key);
            failures[key] = before == int.MaxValue ? before : before + 1;
        }

        // In floating point: 2^n overflows a tick count long before the number of failures overflows.
        var wanted = initial.TotalMilliseconds * Math.Pow(2, before);
        var bounded = Math.Min(wanted, maximum.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(bounded * (1 - (JitterShare * jitter())));
    }

    /// <summary>The key is well: its next failure is its first.</summary>
    public void Forget(NamespacedName key)
    {
        lock (gate)
        {
            failures.Remove(key);
        }
    }

    /// <summary>Failures in a row since the last <see cref="Forget"/>.</summary>
    public int Failures(NamespacedName key)
    {
        lock (gate)
        {
            return failures.GetValueOrDefault(key);
        }
    }
}
