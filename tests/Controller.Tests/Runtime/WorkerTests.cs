using System.Collections.Concurrent;
using System.Net;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

public sealed class WorkerTests : IAsyncDisposable
{
    private static readonly NamespacedName A = new("team", "a");
    private static readonly NamespacedName B = new("team", "b");

    private readonly FakeTimeProvider time = new();
    private readonly WorkQueue queue;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<WorkObservation> observed = new();
    private Task running = Task.CompletedTask;

    public WorkerTests() => queue = new WorkQueue(time, Backoff.Default(() => 0));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        time.Advance(TimeSpan.FromHours(1));
        await running;
        queue.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task Success_forgets_earlier_failures_and_does_not_come_again()
    {
        queue.AddRateLimited(A);
        time.Advance(TimeSpan.FromSeconds(1));
        var reconciler = Start((_, _) => Task.FromResult(ReconcileResult.Done));

        await ObservedAsync(1);
        Assert.Equal(WorkOutcome.Succeeded, observed.Single().Outcome);
        Assert.Equal(0, queue.Failures(A));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, queue.Depth + queue.Waiting);
        Assert.Single(reconciler.Calls);
    }

    [Fact]
    public async Task A_failure_is_retried_after_its_back_off_for_ever()
    {
        var reconciler = Start((_, _) => throw new InvalidOperationException("no"));
        queue.Add(A);
        foreach (var seconds in new[] { 1, 2, 4, 8 })
        {
            var before = reconciler.Calls.Count;
            await Eventually.TrueAsync(() => queue.Waiting == 1 && queue.Processing == 0);
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, queue.Waiting);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.TrueAsync(() => reconciler.Calls.Count > before);
        }

        Assert.All(observed, one => Assert.Equal(WorkOutcome.Failed, one.Outcome));
    }

    [Fact]
    public async Task A_terminal_failure_is_not_retried_until_the_key_is_added_again()
    {
        var reconciler = Start((_, _) => throw new TerminalException("fix it"));
        queue.Add(A);
        await ObservedAsync(1);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, queue.Depth + queue.Waiting);

        queue.Add(A);
        await ObservedAsync(2);
        Assert.Equal(2, reconciler.Calls.Count);
        Assert.All(observed, one => Assert.Equal(WorkOutcome.Terminal, one.Outcome));
    }

    [Fact]
    public async Task A_key_comes_again_when_the_reconciler_asked_for_it()
    {
        Start((_, _) => Task.FromResult(new ReconcileResult(TimeSpan.FromMinutes(10))));
        queue.Add(A);
        await ObservedAsync(1);
        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, queue.Waiting);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ObservedAsync(2);
        Assert.All(observed, one => Assert.Equal(WorkOutcome.Requeued, one.Outcome));
    }

    [Fact]
    public async Task A_server_that_says_when_to_retry_is_obeyed()
    {
        Start((_, _) => throw new KubeApiException(HttpStatusCode.TooManyRequests, "TooManyRequests", "busy", TimeSpan.FromSeconds(40)));
        queue.Add(A);
        await ObservedAsync(1);
        time.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(1, queue.Waiting);
        time.Advance(TimeSpan.FromSeconds(1));
        await ObservedAsync(2);
    }

    [Fact]
    public async Task What_is_refused_because_its_namespace_is_going_is_no_failure_and_not_hurried()
    {
        Start((_, _) => throw new KubeApiException(HttpStatusCode.Forbidden, "Forbidden", "") { IsNamespaceEnding = true });
        queue.Add(A);
        await ObservedAsync(1);
        Assert.Equal((WorkOutcome.Requeued, 0), (observed.Single().Outcome, queue.Failures(A)));
        time.Advance(Worker.NamespaceLook - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, queue.Waiting);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ObservedAsync(2);
    }

    [Fact]
    public async Task A_reconciler_that_cancels_by_itself_is_a_failure_like_any_other()
    {
        Start((_, _) => throw new TaskCanceledException());
        queue.Add(A);
        await ObservedAsync(1);
        Assert.Equal(WorkOutcome.Failed, observed.Single().Outcome);
        Assert.Equal(1, queue.Failures(A));
    }

    [Fact]
    public async Task As_many_keys_as_allowed_are_reconciled_at_once()
    {
        var release = new TaskCompletionSource();
        var reconciler = Start(async (_, _) => { await release.Task; return ReconcileResult.Done; }, parallelism: 3);
        for (var i = 0; i < 5; i++)
        {
            queue.Add(new NamespacedName("team", $"{i}"));
        }

        await Eventually.TrueAsync(() => reconciler.Calls.Count == 3);
        Assert.Equal((2, 3), (queue.Depth, queue.Processing));
        release.SetResult();
        await ObservedAsync(5);
    }

    [Fact]
    public async Task At_shutdown_a_running_reconcile_finishes_and_nothing_new_begins()
    {
        var release = new TaskCompletionSource();
        var reconciler = Start(async (_, token) => { await release.Task; token.ThrowIfCancellationRequested(); return ReconcileResult.Done; }, parallelism: 1);
        queue.Add(A);
        queue.Add(B);
        await Eventually.TrueAsync(() => reconciler.Calls.Count == 1);
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);

        release.SetResult();
        await running;
        Assert.Equal([A], reconciler.Calls);
        Assert.Equal(WorkOutcome.Succeeded, observed.Single().Outcome);
    }

    [Fact]
    public async Task A_reconcile_that_outlives_the_grace_period_is_cancelled()
    {
        var reconciler = Start(NeverAsync);
        queue.Add(A);
        await Eventually.TrueAsync(() => reconciler.Calls.Count == 1);
        await stop.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(running.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));
        await running;
        Assert.Equal(WorkOutcome.Interrupted, observed.Single().Outcome);
    }

    [Fact]
    public async Task Without_leadership_nothing_is_taken_and_with_it_everything_is()
    {
        var right = new TaskCompletionSource<CancellationToken>();
        using var term = new CancellationTokenSource();
        var reconciler = Start((_, _) => Task.FromResult(ReconcileResult.Done), gate: right.Task.WaitAsync);
        queue.Add(A);
        queue.Add(B);
        // Another worker, begun later and with the right, is done with as much: had the first one begun, it would be, too.
        using var twinQueue = new WorkQueue(time, Backoff.Default(() => 0));
        var twin = new ScriptedReconciler((_, _) => Task.FromResult(ReconcileResult.Done));
        twinQueue.Add(A);
        twinQueue.Add(B);
        var working = new Worker(twinQueue, twin, new WorkerOptions { Name = "twin", Parallelism = 2 }, time, NullLogger.Instance).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => twin.Calls.Count == 2 && twinQueue.Processing == 0);
        Assert.Equal(2, queue.Depth);
        Assert.Empty(reconciler.Calls);

        right.SetResult(term.Token);
        await ObservedAsync(2);
        await stop.CancelAsync();
        await working;
    }

    [Fact]
    public async Task Losing_the_leadership_interrupts_at_once_and_the_next_term_begins_with_the_interrupted_key()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var again = new TaskCompletionSource<CancellationToken>();
        var terms = new Queue<Task<CancellationToken>>([Task.FromResult(first.Token), again.Task]);
        var calls = 0;
        var reconciler = Start(
            (_, token) => Interlocked.Increment(ref calls) == 1 ? NeverAsync(default, token) : Task.FromResult(ReconcileResult.Done),
            gate: token => terms.Dequeue().WaitAsync(token));
        queue.Add(A);
        await Eventually.TrueAsync(() => reconciler.Calls.Count == 1);
        await first.CancelAsync();
        await ObservedAsync(1);
        Assert.Equal((WorkOutcome.Interrupted, 0), (observed.Single().Outcome, queue.Failures(A)));

        again.SetResult(second.Token);
        await ObservedAsync(2);
        Assert.Equal(WorkOutcome.Succeeded, observed.Last().Outcome);
    }

    [Fact]
    public async Task Losing_the_leadership_stops_every_worker_however_many_reconciles_wait_for_the_loss()
    {
        using var term = new CancellationTokenSource();
        using var others = new WorkQueue(time, Backoff.Default(() => 0));
        var losses = 0;
        async Task<CancellationToken> GateAsync(CancellationToken token)
        {
            if (!term.IsCancellationRequested) return term.Token;
            Interlocked.Increment(ref losses);
            await Task.Delay(Timeout.Infinite, token);
            return term.Token;
        }

        // Goes on within the call that cancels the token.
        async Task<ReconcileResult> OnTheSpotAsync(NamespacedName key, CancellationToken token)
        {
            var lost = new TaskCompletionSource();
            await using var heard = token.Register(lost.SetResult);
            await lost.Task;
            token.ThrowIfCancellationRequested();
            return ReconcileResult.Done;
        }

        var reconciler = Start(OnTheSpotAsync, parallelism: 1, GateAsync);
        var other = new ScriptedReconciler(OnTheSpotAsync);
        var second = new Worker(others, other, new WorkerOptions { Name = "other", Parallelism = 1, Gate = GateAsync }, time, NullLogger.Instance).RunAsync(stop.Token);
        queue.Add(A);
        others.Add(B);
        await Eventually.TrueAsync(() => reconciler.Calls.Count == 1 && other.Calls.Count == 1);

        var told = Task.Run(term.Cancel, CancellationToken.None);
        await Eventually.TrueAsync(() => told.IsCompleted && Volatile.Read(ref losses) == 2, "both ask for the next term");
        Assert.Equal([A], reconciler.Calls);
        Assert.Equal([B], other.Calls);
        Assert.Equal((1, 1), (queue.Depth, others.Depth));
        await stop.CancelAsync();
        await second;
    }

    [Fact]
    public async Task What_takes_long_goes_on_beside_and_leaves_its_place_to_the_next()
    {
        var release = new TaskCompletionSource();
        var reconciler = Start(async (key, _) => { if (key.Name == "a") await release.Task; return ReconcileResult.Done; }, parallelism: 1, longPasses: new LongPasses(time));
        queue.Add(A);
        queue.Add(B);
        await Eventually.TrueAsync(() => reconciler.Calls.Count == 1);
        time.Advance(LongPasses.Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 1), (queue.Depth, queue.Processing));
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(1), () => !observed.IsEmpty);
        Assert.Equal(B, observed.Single().Key);
        // It is still the only one that has the key.
        queue.Add(A);
        Assert.Equal((0, 1), (queue.Depth, queue.Processing));
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);
        release.SetResult();
        await running;
        Assert.Equal([B, A], observed.Select(one => one.Key));
    }

    [Fact]
    public async Task A_namespace_whose_share_takes_long_keeps_no_place_and_goes_on_when_one_ends()
    {
        var release = new TaskCompletionSource();
        var reconciler = Start(async (key, _) => { if (key.Namespace == "team") await release.Task; return ReconcileResult.Done; }, parallelism: 1, longPasses: new LongPasses(time));
        for (var i = 0; i < LongPasses.Share + 5; i++) queue.Add(new NamespacedName("team", $"{i}"));
        await Eventually.TrueAsTimePassesAsync(time, LongPasses.Patience, () => queue.Processing == LongPasses.Share && queue.Waiting == 5);
        queue.Add(new NamespacedName("other", "fast"));
        await ObservedAsync(1);
        Assert.Equal("fast", observed.Single().Key.Name);
        Assert.Equal(LongPasses.Share + 1, reconciler.Calls.Count);
        release.SetResult();
        await Eventually.TrueAsTimePassesAsync(time, LongPasses.LookAgain, () => observed.Count == LongPasses.Share + 6);
    }

    private static async Task<ReconcileResult> NeverAsync(NamespacedName key, CancellationToken token)
    {
        await Task.Delay(Timeout.Infinite, token);
        return ReconcileResult.Done;
    }

    private ScriptedReconciler Start(
        Func<NamespacedName, CancellationToken, Task<ReconcileResult>> script,
        int parallelism = 2,
        Func<CancellationToken, Task<CancellationToken>>? gate = null,
        LongPasses? longPasses = null)
    {
        var reconciler = new ScriptedReconciler(script);
        var options = new WorkerOptions { Name = "test", Parallelism = parallelism, Gate = gate, LongPasses = longPasses, Observe = observed.Enqueue };
        running = new Worker(queue, reconciler, options, time, NullLogger.Instance).RunAsync(stop.Token);
        return reconciler;
    }

    private Task ObservedAsync(int count) => Eventually.TrueAsync(() => observed.Count >= count, $"{count} reconciles");
}
