using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly NamespacedName A = new("team", "a");
    private static readonly NamespacedName B = new("team", "b");
    private static readonly NamespacedName C = new("team", "c");

    private readonly FakeTimeProvider time = new();
    private readonly WorkQueue queue;

    public WorkQueueTests() => queue = new WorkQueue(time, Backoff.Default(() => 0));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => queue.Dispose();

    [Fact]
    public async Task A_key_added_twice_is_handed_out_once()
    {
        queue.Add(A);
        queue.Add(A);
        queue.Add(B);

        Assert.Equal(2, queue.Depth);
        Assert.Equal(A, await TakeAsync());
        Assert.Equal(B, await TakeAsync());
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public async Task Keys_are_handed_out_in_the_order_in_which_they_became_ready()
    {
        queue.AddAfter(C, TimeSpan.FromSeconds(1));
        queue.Add(B);
        time.Advance(TimeSpan.FromSeconds(1));
        queue.Add(A);

        Assert.Equal([B, C, A], [await TakeAsync(), await TakeAsync(), await TakeAsync()]);
    }

    [Fact]
    public async Task A_key_that_is_being_processed_is_handed_to_nobody_else()
    {
        queue.Add(A);
        await TakeAsync();
        queue.Add(A);
        var other = queue.GetAsync(Cancel).AsTask();

        Assert.Equal(0, queue.Depth);
        Assert.False(other.IsCompleted);
        queue.Add(B);
        Assert.Equal(B, (await other)?.Key);
    }

    [Fact]
    public async Task A_key_added_while_it_is_processed_comes_again_once()
    {
        queue.Add(A);
        await TakeAsync();
        queue.Add(A);
        queue.Add(A);
        queue.Done(A);

        Assert.Equal(1, queue.Depth);
        Assert.Equal(A, await TakeAsync());
        queue.Done(A);
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public async Task A_key_that_was_not_added_again_does_not_come_again()
    {
        queue.Add(A);
        await TakeAsync();
        queue.Done(A);

        Assert.Equal((0, 0, 0), (queue.Depth, queue.Processing, queue.Waiting));
    }

    [Fact]
    public void A_delayed_key_is_ready_when_its_delay_has_passed_and_not_before()
    {
        queue.AddAfter(A, TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal((0, 1), (queue.Depth, queue.Waiting));

        time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal((1, 0), (queue.Depth, queue.Waiting));
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(10, 5)]
    public void Of_two_delays_for_one_key_the_one_that_ends_first_holds_and_the_key_comes_once(int first, int second)
    {
        queue.AddAfter(A, TimeSpan.FromSeconds(first));
        queue.AddAfter(A, TimeSpan.FromSeconds(second));

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, queue.Depth);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((1, 0), (queue.Depth, queue.Waiting));
    }

    [Fact]
    public async Task Adding_a_delayed_key_makes_it_ready_at_once_and_it_does_not_come_again_later()
    {
        queue.AddAfter(A, TimeSpan.FromSeconds(5));
        queue.Add(A);
        Assert.Equal(A, await TakeAsync());
        queue.Done(A);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, queue.Depth);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_delay_of_nothing_is_no_delay(int seconds)
    {
        queue.AddAfter(A, TimeSpan.FromSeconds(seconds));
        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public void A_delay_longer_than_any_timer_can_count_is_accepted()
    {
        queue.AddAfter(A, TimeSpan.FromDays(3650));
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public async Task A_delay_that_passes_while_the_key_is_processed_brings_it_again_afterwards()
    {
        queue.Add(A);
        await TakeAsync();
        queue.AddAfter(A, TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, queue.Depth);

        queue.Done(A);
        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public void Many_delays_each_end_in_their_time()
    {
        for (var i = 10; i > 0; i--)
        {
            queue.AddAfter(new NamespacedName("team", $"{i}"), TimeSpan.FromSeconds(i));
        }

        for (var i = 1; i <= 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(i, queue.Depth);
        }
    }

    [Fact]
    public async Task Failures_of_a_key_double_its_delay_until_it_is_forgotten()
    {
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            await AssertRateLimitedAsync(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(3, queue.Failures(A));
        queue.Forget(A);
        Assert.Equal(0, queue.Failures(A));
        await AssertRateLimitedAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_failure_waits_at_least_as_long_as_the_server_asked()
    {
        queue.AddRateLimited(A, TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, queue.Depth);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public async Task Forgetting_a_key_leaves_it_in_the_queue()
    {
        queue.Add(A);
        queue.Forget(A);
        Assert.Equal(A, await TakeAsync());
    }

    [Fact]
    public async Task After_shutdown_ready_keys_are_handed_out_delayed_ones_dropped_and_nothing_is_taken()
    {
        queue.Add(A);
        queue.AddAfter(B, TimeSpan.FromSeconds(1));
        queue.ShutDown();
        queue.Add(C);
        queue.AddAfter(C, TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(A, await TakeAsync());
        queue.Done(A);
        Assert.Null(await queue.GetAsync(Cancel));
        queue.ShutDown();
    }

    [Fact]
    public async Task A_key_added_again_before_shutdown_while_it_was_processed_is_not_lost()
    {
        queue.Add(A);
        await TakeAsync();
        queue.Add(A);
        queue.ShutDown();
        queue.Done(A);

        Assert.Equal(A, await TakeAsync());
    }

    [Fact]
    public async Task Draining_waits_for_ready_keys_and_for_those_being_processed()
    {
        queue.Add(A);
        queue.Add(B);
        await TakeAsync();
        var drained = queue.ShutDownAndDrainAsync(Cancel);
        queue.Done(A);
        Assert.False(drained.IsCompleted);

        await TakeAsync();
        Assert.False(drained.IsCompleted);
        queue.Done(B);
        await drained;
    }

    [Fact]
    public async Task Shutdown_wakes_everyone_who_waits_for_a_key()
    {
        var takers = Enumerable.Range(0, 3).Select(_ => queue.GetAsync(Cancel).AsTask()).ToArray();
        queue.ShutDown();

        Assert.All(await Task.WhenAll(takers), Assert.Null);
    }

    [Fact]
    public async Task A_taker_that_gives_up_takes_no_key_with_it()
    {
        using var giveUp = new CancellationTokenSource();
        var impatient = queue.GetAsync(giveUp.Token).AsTask();
        var patient = queue.GetAsync(Cancel).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        queue.Add(A);
        Assert.Equal(A, (await patient)?.Key);
    }

    [Fact]
    public async Task Depth_and_waiting_times_can_be_observed()
    {
        queue.Add(A);
        time.Advance(TimeSpan.FromSeconds(2));
        queue.Add(B);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(3), queue.OldestReady);
        Assert.Equal(TimeSpan.FromSeconds(3), (await queue.GetAsync(Cancel))?.Waited);
        Assert.Equal(TimeSpan.FromSeconds(1), (await queue.GetAsync(Cancel))?.Waited);
        Assert.Equal((0, 2, TimeSpan.Zero), (queue.Depth, queue.Processing, queue.OldestReady));
    }

    /// <summary>Writers bump a number and add its key; workers copy the number. Whatever the order, every last number must be copied.</summary>
    [Fact]
    public async Task Under_load_no_key_is_processed_twice_at_once_and_no_change_is_missed()
    {
        const int Keys = 20;
        var written = new int[Keys];
        var seen = new int[Keys];
        var busy = new int[Keys];
        var overlaps = new ConcurrentBag<int>();
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(WorkAsync, Cancel)).ToArray();
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(Write, Cancel)).ToArray();
        await Task.WhenAll(writers);
        await queue.ShutDownAndDrainAsync(Cancel);
        await Task.WhenAll(workers);

        Assert.Empty(overlaps);
        Assert.Equal(written, seen);

        void Write()
        {
            for (var i = 0; i < 2000; i++)
            {
                Interlocked.Increment(ref written[i % Keys]);
                queue.Add(new NamespacedName("", $"{i % Keys}"));
            }
        }

        async Task WorkAsync()
        {
            while (await queue.GetAsync(Cancel) is { } item)
            {
                var i = int.Parse(item.Key.Name, System.Globalization.CultureInfo.InvariantCulture);
                if (Interlocked.Increment(ref busy[i]) != 1)
                {
                    overlaps.Add(i);
                }

                seen[i] = Volatile.Read(ref written[i]);
                await Task.Yield();
                Interlocked.Decrement(ref busy[i]);
                queue.Done(item.Key);
            }
        }
    }

    private async Task AssertRateLimitedAsync(TimeSpan delay)
    {
        queue.AddRateLimited(A);
        time.Advance(delay - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, queue.Depth);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(A, await TakeAsync());
        queue.Done(A);
    }

    private async Task<NamespacedName?> TakeAsync() => (await queue.GetAsync(Cancel))?.Key;
}
