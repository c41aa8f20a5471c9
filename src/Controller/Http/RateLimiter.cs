namespace GitOpsSecrets.Controller.Http;

/// <summary>
/// Generic cell rate algorithm: one moment a caller, the theoretical arrival of its next request. A steady rate passes,
/// <paramref name="burst"/> requests beyond it may come at once.
/// </summary>
/// <param name="perSecond">Requests a second and caller.</param>
/// <param name="burst">0 and up.</param>
/// <param name="capacity">Callers remembered at most; when full, those that have been quiet go, then the newest is refused.</param>
internal sealed class RateLimiter(int perSecond, int burst, TimeProvider time, int capacity = 4096)
{
    private readonly Dictionary<string, long> arrivals = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly long interval = TimeSpan.TicksPerSecond / Math.Min(perSecond, TimeSpan.TicksPerSecond);

    /// <param name="caller">Whose bucket.</param>
    /// <param name="patience">How long the caller's request may be held until its turn; zero to decide at once.</param>
    public RateDecision Ask(string caller, TimeSpan patience)
    {
        lock (gate)
        {
            var now = time.GetUtcNow().UtcTicks;
            if (!arrivals.TryGetValue(caller, out var arrival))
            {
                if (arrivals.Count >= capacity) ForgetQuiet(now);
                if (arrivals.Count >= capacity) return Decision(false, now, now + interval, interval);
            }
            arrival = Math.Max(arrival, now);
            var next = arrival + interval;
            var wait = next - (interval * (burst + 1L)) - now;
            if (wait > patience.Ticks) return Decision(false, now, arrival, wait);
            arrivals[caller] = next;
            return Decision(true, now, next, Math.Max(0, wait));
        }
    }

    /// <summary>Counts so many requests more of a caller that was admitted: they delay its next ones.</summary>
    public void Charge(string caller, int requests)
    {
        lock (gate)
        {
            if (arrivals.TryGetValue(caller, out var arrival)) arrivals[caller] = Math.Max(arrival, time.GetUtcNow().UtcTicks) + (interval * requests);
        }
    }

    private RateDecision Decision(bool admitted, long now, long arrival, long wait)
    {
        var used = (arrival - now + interval - 1) / interval;
        var remaining = (int)Math.Clamp(burst + 1L - used, 0, burst + 1L);
        return new RateDecision(admitted, burst + 1, remaining, TimeSpan.FromTicks(arrival - now), TimeSpan.FromTicks(wait));
    }

    private void ForgetQuiet(long now)
    {
        foreach (var (caller, arrival) in arrivals)
        {
            if (arrival <= now) arrivals.Remove(caller);
        }
    }
}
