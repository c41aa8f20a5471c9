using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// Takes keys from a queue and reconciles them, several at a time, while it has the right to. Success forgets the key's failures,
/// an exception backs the key off, a <see cref="TerminalException"/> leaves it alone until something changes.
/// </summary>
internal sealed class Worker(WorkQueue queue, IReconciler reconciler, WorkerOptions options, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>When to look again at an object whose namespace is being deleted.</summary>
    public static readonly TimeSpan NamespaceLook = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Works until <paramref name="cancellationToken"/> is cancelled; then starts nothing more, gives running reconciles the grace
    /// period, cancels what is left, and returns.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var right = options.Gate is null ? CancellationToken.None : await options.Gate(cancellationToken);
                await WorkAsync(right, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            queue.ShutDown();
        }
    }

    /// <summary>Works until the right is lost, which cancels reconciles at once, or the process stops, which lets them finish.</summary>
    private async Task WorkAsync(CancellationToken right, CancellationToken stopping)
    {
        RuntimeLog.WorkersStarted(logger, options.Name, options.Parallelism);
        using var take = CancellationTokenSource.CreateLinkedTokenSource(right, stopping);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        // On a thread of its own: what waits for the token goes on within the call that cancels it, and would keep the others who lose the right from hearing of it.
        using var onLoss = right.Register(() => _ = abort.CancelAsync());
        using var onStop = stopping.Register(() => abort.CancelAfter(options.GracePeriod));
        var loops = new Task[options.Parallelism];
        for (var i = 0; i < loops.Length; i++)
        {
            loops[i] = Task.Run(() => LoopAsync(take.Token, abort.Token), CancellationToken.None);
        }

        await Task.WhenAll(loops);
        if (options.LongPasses is { } beside) await beside.WhenAllAsync();
        RuntimeLog.WorkersStopped(logger, options.Name);
    }

    private async Task LoopAsync(CancellationToken take, CancellationToken abort)
    {
        try
        {
            while (!abort.IsCancellationRequested && await queue.GetAsync(take) is { } item)
            {
                if (options.LongPasses is not { } beside) await ProcessAsync(item, abort);
                else if (beside.IsFull(item.Key.Namespace)) Defer(item.Key);
                else await beside.FollowAsync(item.Key.Namespace, ProcessAsync(item, abort));
            }
        }
        catch (OperationCanceledException) when (take.IsCancellationRequested)
        {
            // Stopping, or no longer the leader: the keys that are ready stay in the queue.
        }
    }

    private void Defer(NamespacedName key)
    {
        queue.Done(key);
        queue.AddAfter(key, LongPasses.LookAgain);
    }

    private async Task ProcessAsync(WorkItem item, CancellationToken abort)
    {
        var start = timeProvider.GetTimestamp();
        var outcome = WorkOutcome.Failed;
        try
        {
            outcome = await ReconcileAsync(item.Key, abort);
        }
        finally
        {
            queue.Done(item.Key);
            options.Observe?.Invoke(new WorkObservation(item.Key, outcome, item.Waited, timeProvider.GetElapsedTime(start)));
        }
    }

    private async Task<WorkOutcome> ReconcileAsync(NamespacedName key, CancellationToken abort)
    {
        try
        {
            var result = await reconciler.ReconcileAsync(key, abort);
            queue.Forget(key);
            if (result.RequeueAfter is not { } delay)
            {
                return WorkOutcome.Succeeded;
            }

            queue.AddAfter(key, delay);
            return WorkOutcome.Requeued;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Not a failure of the key. The next leader lists it anyway; this process finds it in the queue if it leads again.
            queue.Add(key);
            return WorkOutcome.Interrupted;
        }
        catch (TerminalException failure)
        {
            queue.Forget(key);
            if (failure.LookAgain is { } delay) queue.AddAfter(key, delay);
            RuntimeLog.ReconcileGaveUp(logger, options.Name, key);
            return WorkOutcome.Terminal;
        }
        catch (KubeApiException refused) when (refused.IsNamespaceEnding)
        {
            // Nobody's failure: the object goes too, which will be seen. A namespace may take days to go.
            queue.Forget(key);
            queue.AddAfter(key, NamespaceLook);
            return WorkOutcome.Requeued;
        }
#pragma warning disable CA1031 // Whatever went wrong with one key must not stop the work on the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            queue.AddRateLimited(key, (exception as KubeApiException)?.RetryAfter);
            RuntimeLog.ReconcileFailed(logger, options.Name, key, KubeFailure.Describe(exception), queue.Failures(key));
            return WorkOutcome.Failed;
        }
    }
}
