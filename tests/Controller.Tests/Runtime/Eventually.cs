using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>Waits for what must come true; fails after a time that only a hung test reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Task TrueAsync(Func<bool> condition, string what = "condition") => PollAsync(condition, static () => { }, what);

    /// <summary>Lets the fake clock run in steps until the condition holds.</summary>
    public static Task TrueAsTimePassesAsync(FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what = "condition") =>
        PollAsync(condition, () => Turn(time, step), what);

    /// <summary>
    /// Turns the fake clock, and waits until all who were to be woken are. That is done by one thread at a time, which need not be this one: a loop that only turned the
    /// clock would run ahead for as long as that thread got no turn.
    /// </summary>
    public static async Task TurnedAsync(FakeTimeProvider time, TimeSpan step)
    {
        var isLast = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var last = time.CreateTimer(_ => isLast.TrySetResult(), null, step, Timeout.InfiniteTimeSpan);
        Turn(time, step);
        await isLast.Task.WaitAsync(Limit);
    }

    /// <summary>A timer that is disposed at that moment can make FakeTimeProvider 10.11 trip over itself; the clock has moved then, and who is still to be woken is at the next turn.</summary>
    private static void Turn(FakeTimeProvider time, TimeSpan step)
    {
        try
        {
            time.Advance(step);
        }
        catch (NullReferenceException)
        {
            time.Advance(TimeSpan.Zero);
        }
    }

    private static async Task PollAsync(Func<bool> condition, Action between, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            between();
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"{what} did not come true within {Limit}");
            }
        }
    }
}
