using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>Waits for what must come true; fails after a time that only a hung test reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Task TrueAsync(Func<bool> condition, string what = "condition") => PollAsync(condition, static () => { }, what);

    /// <summary>Lets the fake clock run in steps until the condition holds.</summary>
    public static Task TrueAsTimePassesAsync(FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what = "condition") =>
        PollAsync(condition, () => time.Advance(step), what);

    /// <summary>
    /// Turns the fake clock, and waits until all who were to be woken are. That is done by one thread at a time, which need not be this one: a loop that only turned the
    /// clock would run ahead for as long as that thread got no turn.
    /// </summary>
    public static async Task TurnedAsync(FakeTimeProvider time, TimeSpan step)
    {
        var isLast = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var last = time.CreateTimer(_ => isLast.TrySetResult(), null, step, Timeout.InfiniteTimeSpan);
        time.Advance(step);
        await isLast.Task.WaitAsync(Limit);
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
