using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

/// <summary>How many of eight workers may wait for whom.</summary>
public sealed class StoreWaitsTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly TaskCompletionSource<int> answer = new();
    private readonly StoreWaits waits;

    public StoreWaitsTests() => waits = new StoreWaits(8, time);

    [Fact]
    public async Task Half_of_the_workers_wait_for_one_store_and_those_that_come_then_make_no_call()
    {
        var store = Store("slow");
        var waiting = Enumerable.Range(0, 6).Select(i => Wait(store, $"ns-{i}")).ToList();
        waits.Enter(store, "new");
        Assert.DoesNotContain(waiting, wait => wait.IsCompleted);
        time.Advance(StoreWaits.Patience);
        await FailedAsync(waiting, 2);
        Assert.Throws<StoreBusyException>(() => waits.Enter(store, "new"));
        waits.Enter(Store("other"), "ns-0");
        answer.SetResult(1);
        await Task.WhenAll(waiting.Where(wait => !wait.IsFaulted));
        waits.Enter(store, "new");
    }

    [Fact]
    public async Task A_quarter_of_the_workers_wait_for_one_namespace_which_shuts_a_store_for_no_other_and_three_quarters_for_all()
    {
        var shared = Store("shared");
        var waiting = Enumerable.Range(0, 5).Select(_ => Wait(shared, "ns")).ToList();
        time.Advance(StoreWaits.Patience);
        await FailedAsync(waiting, 3);
        Assert.Throws<StoreBusyException>(() => waits.Enter(shared, "ns"));
        waits.Enter(shared, "another");
        waiting = [.. Enumerable.Range(0, 5).Select(i => Wait(Store($"other-{i}"), $"other-{i}"))];
        time.Advance(StoreWaits.Patience);
        await FailedAsync(waiting, 1);
        // Who is answered in time needs no room.
        Assert.Equal(2, await waits.WaitAsync(Store("fast"), "fast", Task.FromResult(2), TestContext.Current.CancellationToken));
        answer.SetResult(1);
        var answered = await Task.WhenAll(waiting.Where(wait => !wait.IsFaulted));
        Assert.Equal([1, 1, 1, 1], answered);
    }

    [Fact]
    public async Task One_of_two_workers_may_wait()
    {
        var alone = new StoreWaits(StoreWaits.LeastWorkers, time);
        var wait = alone.WaitAsync(Store("slow"), "ns", answer.Task, TestContext.Current.CancellationToken);
        time.Advance(StoreWaits.Patience);
        answer.SetResult(1);
        Assert.Equal(1, await wait);
    }

    private Task<int> Wait(StoreIdentity store, string ns) => waits.WaitAsync(store, ns, answer.Task, TestContext.Current.CancellationToken);

    private static StoreIdentity Store(string name) => new(ClusterSecretStore.ClusterSecretStoreKind, new("", name));

    /// <summary>So many of them go away; no more could be let wait.</summary>
    private static async Task<IReadOnlyList<Task<int>>> FailedAsync(IReadOnlyList<Task<int>> waiting, int count)
    {
        var open = waiting.ToList();
        var failed = new List<Task<int>>();
        while (failed.Count < count)
        {
            var first = await Task.WhenAny(open).WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
            open.Remove(first);
            failed.Add(first);
        }
        Assert.All(failed, task => Assert.IsType<StoreBusyException>(task.Exception!.InnerException));
        return failed;
    }
}
