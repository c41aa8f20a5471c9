namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Keys waiting for a worker, with the contract that client-go's queue gave to every controller:
/// a key stands in the queue at most once; a key that is being processed is handed to nobody else; a key added while it is being
/// processed comes again afterwards; nothing that was added before shutdown is lost. Thread-safe.
/// <code>
///             AddAfter ──▶ waiting ──(time)──┐
///  Add ──▶ dirty? ──no──▶ processing? ──no──▶ ready ──Get──▶ processing ──Done──▶ (dirty? ▶ ready)
///            └─yes: nothing   └─yes: dirty only
/// </code>
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    /// <summary>A timer takes at most 2^32 - 2 milliseconds; whoever wants to wait longer is woken early, which is harmless.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(45);

    private readonly Lock gate = new();
    private readonly TimeProvider timeProvider;
    private readonly Backoff backoff;
    private readonly Queue<(NamespacedName Key, long Since)> ready = [];
    private readonly Queue<TaskCompletionSource> takers = [];
    private readonly HashSet<NamespacedName> dirty = [];
    private readonly HashSet<NamespacedName> processing = [];
    private readonly Dictionary<NamespacedName, long> waiting = [];
    private readonly PriorityQueue<NamespacedName, long> waitingOrder = new();
    private readonly ITimer timer;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool shuttingDown;

    public WorkQueue(TimeProvider timeProvider, Backoff backoff)
    {
        this.timeProvider = timeProvider;
        this.backoff = backoff;
        timer = timeProvider.CreateTimer(_ => MoveDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether nothing is in hand, and nothing waits but for time.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return ready.Count + processing.Count == 0;
            }
        }
    }

    /// <summary>Keys that a worker could take now.</summary>
    public int Depth
    {
        get
        {
            lock (gate)
            {
                return ready.Count;
            }
        }
    }

    /// <summary>Keys whose delay has not passed.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Keys in the hands of workers.</summary>
    public int Processing
    {
        get
        {
            lock (gate)
            {
                return processing.Count;
            }
        }
    }

    /// <summary>How long the first key has been ready; zero when none is.</summary>
    public TimeSpan OldestReady
    {
        get
        {
            lock (gate)
            {
                return ready.TryPeek(out var first) ? timeProvider.GetElapsedTime(first.Since) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Makes the key ready at once, whatever delay it was waiting for.</summary>
    public void Add(NamespacedName key)
    {
        lock (gate)
        {
            AddLocked(key);
        }
    }

    /// <summary>Makes the key ready after <paramref name="delay"/>. Of several delays for one key the one that ends first holds.</summary>
    public void AddAfter(NamespacedName key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (gate)
        {
            if (shuttingDown)
            {
                return;
            }

            var due = DueAfter(delay);
            if (waiting.TryGetValue(key, out var other) && other <= due)
            {
                return;
            }

            waiting[key] = due;
            waitingOrder.Enqueue(key, due);
            ArmTimer();
        }
    }

    /// <summary>Counts a failure of the key and makes it ready after its back-off, or after <paramref name="atLeast"/> if that is longer.</summary>
    public void AddRateLimited(NamespacedName key, TimeSpan? atLeast = null)
    {
        var delay = backoff.Next(key);
        AddAfter(key, atLeast > delay ? atLeast.Value : delay);
    }

    /// <summary>The key succeeded, or shall not be retried: its next failure is its first. Leaves the queue as it is.</summary>
    public void Forget(NamespacedName key) => backoff.Forget(key);

    /// <summary>Failures in a row of the key.</summary>
    public int Failures(NamespacedName key) => backoff.Failures(key);

    /// <summary>
    /// The next ready key, in the order in which keys became ready; waits for one. <c>null</c> once the queue is shut down and empty.
    /// </summary>
    public async ValueTask<WorkItem?> GetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TaskCompletionSource turn;
            lock (gate)
            {
                if (ready.TryDequeue(out var first))
                {
                    dirty.Remove(first.Key);
                    processing.Add(first.Key);
                    return new WorkItem(first.Key, timeProvider.GetElapsedTime(first.Since));
                }

                if (shuttingDown && processing.Count == 0)
                {
                    return null;
                }

                turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                takers.Enqueue(turn);
            }

            await WaitForTurnAsync(turn, cancellationToken);
        }
    }

    /// <summary>The worker is through with the key, whether well or not. If the key was added meanwhile it is ready again now.</summary>
    public void Done(NamespacedName key)
    {
        lock (gate)
        {
            processing.Remove(key);
            if (dirty.Contains(key))
            {
                Enqueue(key);
            }

            WakeAllIfDrained();
        }
    }

    /// <summary>Takes nothing more; what is ready is still handed out, delayed keys are dropped. May be called again.</summary>
    public void ShutDown()
    {
        lock (gate)
        {
            shuttingDown = true;
            waiting.Clear();
            waitingOrder.Clear();
            ArmTimer();
            WakeAllIfDrained();
        }
    }

    /// <summary><see cref="ShutDown"/>, then waits until workers have taken and finished every ready key.</summary>
    public Task ShutDownAndDrainAsync(CancellationToken cancellationToken)
    {
        ShutDown();
        return drained.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        ShutDown();
        timer.Dispose();
    }

    private void AddLocked(NamespacedName key)
    {
        if (shuttingDown)
        {
            return;
        }

        waiting.Remove(key);
        if (dirty.Add(key) && !processing.Contains(key))
        {
            Enqueue(key);
        }
    }

    private void Enqueue(NamespacedName key)
    {
        ready.Enqueue((key, timeProvider.GetTimestamp()));
        WakeOne();
    }

    private void MoveDue()
    {
        lock (gate)
        {
            var now = timeProvider.GetTimestamp();
            while (waitingOrder.TryPeek(out var key, out var due) && due <= now)
            {
                waitingOrder.Dequeue();
                if (waiting.TryGetValue(key, out var current) && current == due)
                {
                    AddLocked(key);
                }
            }

            ArmTimer();
        }
    }

    private void ArmTimer()
    {
        // An entry whose key has become ready, or moved to an earlier time, is stale.
        while (waitingOrder.TryPeek(out var key, out var due) && !(waiting.TryGetValue(key, out var current) && current == due))
        {
            waitingOrder.Dequeue();
        }

        timer.Change(waitingOrder.TryPeek(out _, out var next) ? TimeUntil(next) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Timestamps, not dates: a clock that is set must not hold keys back or free them all at once.
    private long DueAfter(TimeSpan delay) =>
        timeProvider.GetTimestamp() + (long)((delay < LongestDelay ? delay : LongestDelay).TotalSeconds * timeProvider.TimestampFrequency);

    private TimeSpan TimeUntil(long due)
    {
        var left = timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), due);

        // Timers count whole milliseconds: rounded up, or the timer would spin through the last one.
        return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
    }

    private void WakeOne()
    {
        // A taker that gave up meanwhile cannot be woken: the next one is.
        while (takers.TryDequeue(out var taker) && !taker.TrySetResult())
        {
        }
    }

    private void WakeAllIfDrained()
    {
        if (!shuttingDown || ready.Count > 0 || processing.Count > 0)
        {
            return;
        }

        drained.TrySetResult();
        while (takers.TryDequeue(out var taker))
        {
            taker.TrySetResult();
        }
    }

    private async Task WaitForTurnAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Either nobody can wake this taker any more, or it was woken and cancelled at once: then another takes the key in its stead.
            if (!turn.TrySetCanceled(cancellationToken))
            {
                lock (gate)
                {
                    WakeOne();
                }
            }

            throw;
        }
    }
}
