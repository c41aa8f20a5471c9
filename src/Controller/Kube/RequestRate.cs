namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// At most <c>queriesPerSecond</c> requests on average and <c>burst</c> at once, first come, first served. Thread-safe.
/// </summary>
internal sealed class RequestRate
{
    /// <summary>Sums of intervals are not exact; nobody shall wait for a rounding error.</summary>
    private const double Rounding = 1e-6;

    private readonly Lock gate = new();
    private readonly TimeProvider timeProvider;
    private readonly double perSecond;
    private readonly double burst;
    private readonly long start;
    private double nextFree;

    /// <param name="queriesPerSecond">Negative: no limit. Zero: 5, as client-go.</param>
    /// <param name="burst">Zero or less: 10, as client-go.</param>
    public RequestRate(double queriesPerSecond, int burst, TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        perSecond = queriesPerSecond == 0 ? 5 : queriesPerSecond;
        this.burst = burst <= 0 ? 10 : burst;
        start = timeProvider.GetTimestamp();
        nextFree = double.NegativeInfinity;
    }

    /// <summary>Waits for this request's turn.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (perSecond < 0)
        {
            return;
        }

        var wait = Reserve();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, timeProvider, cancellationToken);
        }
    }

    /// <summary>Takes a turn if there is one now.</summary>
    public bool TryTake()
    {
        if (perSecond < 0)
        {
            return true;
        }

        lock (gate)
        {
            var now = timeProvider.GetElapsedTime(start).TotalSeconds;
            var wanted = Math.Max(nextFree, now) + (1 / perSecond);
            if (wanted - now > (burst / perSecond) + Rounding)
            {
                return false;
            }

            nextFree = wanted;
            return true;
        }
    }

    /// <summary>
    /// The generic cell rate algorithm: each request moves a virtual clock by one interval; one that is more than a burst ahead of
    /// the real clock waits for it. One number instead of a bucket with a refill.
    /// </summary>
    private TimeSpan Reserve()
    {
        lock (gate)
        {
            var now = timeProvider.GetElapsedTime(start).TotalSeconds;
            var interval = 1 / perSecond;
            nextFree = Math.Max(nextFree, now) + interval;
            var wait = nextFree - now - (burst * interval);
            return wait > Rounding ? TimeSpan.FromSeconds(wait) : TimeSpan.Zero;
        }
    }
}
