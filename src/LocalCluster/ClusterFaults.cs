using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster;

/// <summary>Misfortune on demand, for tests: refusals, delays, broken connections, lost history. Each fault counts what it met.</summary>
public sealed class ClusterFaults
{
    private readonly ObjectStore store;
    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];
    private readonly List<(ApiRequest Request, CancellationTokenSource Drop)> watches = [];

    internal ClusterFaults(ObjectStore store) => this.store = store;

    /// <summary>How many watches are open now.</summary>
    public int OpenWatches
    {
        get
        {
            lock (gate) return watches.Count;
        }
    }

    /// <summary>Answers matching requests with this status instead of serving them.</summary>
    /// <param name="statusCode">For example 429, 500 or 410.</param>
    public Fault Answer(int statusCode, FaultMatch match, int times = int.MaxValue, int? retryAfterSeconds = null) =>
        Add(new Fault(FaultKind.Answer, match, times, Lift) { StatusCode = statusCode, RetryAfterSeconds = retryAfterSeconds });

    /// <summary>Serves matching requests late, by the server's clock.</summary>
    public Fault Delay(TimeSpan delay, FaultMatch match, int times = int.MaxValue) =>
        Add(new Fault(FaultKind.Delay, match, times, Lift) { Delay = delay });

    /// <summary>Breaks the connection of matching requests before any answer.</summary>
    public Fault Disconnect(FaultMatch match, int times = int.MaxValue) => Add(new Fault(FaultKind.Disconnect, match, times, Lift));

    /// <summary>Matching watches begin and end with an <c>ERROR</c> event 410 (Expired).</summary>
    public Fault ExpireWatches(FaultMatch match, int times = int.MaxValue) => Add(new Fault(FaultKind.ExpireWatch, match, times, Lift));

    /// <summary>Breaks the connections of open watches.</summary>
    /// <returns>How many.</returns>
    public int DropWatches(FaultMatch? match = null)
    {
        List<CancellationTokenSource> dropped;
        lock (gate)
        {
            dropped = [.. watches.Where(watch => (match ?? FaultMatch.Everything).Covers("watch", Name(watch.Request), "")).Select(watch => watch.Drop)];
        }

        foreach (var drop in dropped)
        {
            try
            {
                drop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The watch ended by itself at this moment.
            }
        }

        return dropped.Count;
    }

    /// <summary>Forgets all history, so that every older resourceVersion and continue token is answered with 410.</summary>
    public void CompactHistory()
    {
        store.Advance();
        store.Compact();
    }

    internal Fault? Take(FaultKind kind, string verb, string resource, string path)
    {
        var fault = Find(kind, verb, resource, path);
        fault?.CountHit();
        return fault;
    }

    /// <summary>
    /// Ends when the delay of a request is over. A delay counts as met when its timer runs and not before:
    /// who has seen the hit may turn the clock, and a timer that is set afterwards would never fire.
    /// </summary>
    internal Task DelayAsync(string verb, string resource, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Find(FaultKind.Delay, verb, resource, path) is not { } fault) return Task.CompletedTask;
        var delay = Task.Delay(fault.Delay, time, cancellationToken);
        fault.CountHit();
        return delay;
    }

    internal bool TakeExpiry(ApiRequest request) => Take(FaultKind.ExpireWatch, "watch", Name(request), "") is not null;

    internal WatchMembership JoinWatches(ApiRequest request)
    {
        var drop = new CancellationTokenSource();
        lock (gate)
        {
            watches.Add((request, drop));
        }

        return new WatchMembership(drop, () =>
        {
            lock (gate)
            {
                watches.RemoveAll(watch => watch.Drop == drop);
            }
        });
    }

    internal static string Name(ApiRequest request) => request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";

    private Fault? Find(FaultKind kind, string verb, string resource, string path)
    {
        lock (gate)
        {
            return faults.Find(fault => fault.Kind == kind && fault.Match.Covers(verb, resource, path) && fault.TryTake());
        }
    }

    private Fault Add(Fault fault)
    {
        lock (gate)
        {
            faults.Add(fault);
        }

        return fault;
    }

    private void Lift(Fault fault)
    {
        lock (gate)
        {
            faults.Remove(fault);
        }
    }
}
