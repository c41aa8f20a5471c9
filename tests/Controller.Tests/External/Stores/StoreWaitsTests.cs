using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Stores;

/// <summary>How many may wait for whom.</summary>
public sealed class StoreWaitsTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly TaskCompletionSource<int> answer = new();
    private readonly StoreWaits waits;

    public StoreWaitsTests() => waits = new StoreWaits(time);

    [Fact]
    public async Task So_many_wait_for_one_store_and_those_that_come_then_have_no_room()
    {
        var store = Store("slow");
        var waiting = Enumerable.Range(0, StoreWaits.MostOfStore + 2).Select(i => Wait(store, $"ns-{i}")).ToList();
        Assert.True(waits.HasRoom(store, "new"));
        Assert.DoesNotContain(waiting, wait => wait.IsCompleted);
        time.Advance(StoreWaits.Patience);
        await FailedAsync(waiting, 2);
        Assert.False(waits.HasRoom(store, "new"));
        Assert.True(waits.HasRoom(Store("other"), "ns-0"));
        answer.SetResult(1);
        Assert.Equal(StoreWaits.MostOfStore, (await Task.WhenAll(waiting.Where(wait => !wait.IsFaulted))).Sum());
        Assert.True(waits.HasRoom(store, "new"));
    }

    [Fact]
    public async Task Those_of_one_namespace_that_wait_for_a_store_leave_room_for_another_and_for_another_store()
    {
        var shared = Store("shared");
        var waiting = Enumerable.Range(0, StoreWaits.MostOfNamespace + 3).Select(_ => Wait(shared, "ns")).ToList();
        time.Advance(StoreWaits.Patience);
        await FailedAsync(waiting, 3);
        Assert.False(waits.HasRoom(shared, "ns"));
        Assert.True(waits.HasRoom(shared, "another"));
        Assert.True(waits.HasRoom(Store("other"), "ns"));
        // Who is answered in time needs no room.
        Assert.Equal(2, await waits.WaitAsync(shared, "ns", Task.FromResult(2), TestContext.Current.CancellationToken));
        answer.SetResult(1);
        Assert.Equal(StoreWaits.MostOfNamespace, (await Task.WhenAll(waiting.Where(wait => !wait.IsFaulted))).Sum());
    }

    private Task<int> Wait(StoreIdentity store, string ns) => waits.WaitAsync(store, ns, answer.Task, TestContext.Current.CancellationToken);

    private static StoreIdentity Store(string name) => new(ClusterSecretStore.ClusterSecretStoreKind, new("", name));

    /// <summary>So many of them go away; no more could be let wait.</summary>
    private static async Task FailedAsync(IReadOnlyList<Task<int>> waiting, int count)
    {
        var open = waiting.ToList();
        for (var failed = 0; failed < count; failed++)
        {
            var first = await Task.WhenAny(open).WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
            open.Remove(first);
            Assert.IsType<StoreBusyException>(first.Exception!.InnerException);
        }
    }
}
