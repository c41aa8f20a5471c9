using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Providers;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>What has its values, and cannot refresh them: how often the store is asked, and what brings that forward. In virtual time.</summary>
public sealed class RefreshFailureTests
{
    private const int Hours = 6;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    /// <summary>The store is well, by its own account.</summary>
    [Theory]
    [InlineData("missing", 0)]
    [InlineData("denied", 0)]
    [InlineData("no answer", 1)] // once more when the store was found to be well
    public async Task A_refresh_that_fails_calls_no_more_often_than_one_that_does_not(string failing, int more)
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await SyncedAsync(stage, "db");
        if (failing == "missing") stage.Provider.Values.Clear();
        else if (failing == "denied") stage.Provider.Denied = "db";
        else stage.Provider.Failures["db"] = new ProviderException(ProviderFailureKind.Unavailable, "the vault does not answer");
        await PassAsync(controller, TimeSpan.FromHours(Hours));
        // An interval ends somewhere in its last tenth.
        Assert.InRange(stage.Provider.Calls.Count, Hours - 1, Hours + 1 + more);
        await stage.ReadyAsync("db", "False");
        // What else wakes it brings nothing forward, and is no reason to say that all is well.
        stage.Provider.Calls.Clear();
        var looked = ExternalStage.PassesAsync(controller, 1);
        await stage.PatchAsync("db", """{"metadata":{"finalizers":["example.com/another"]}}""");
        await looked;
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        Assert.Empty(stage.Provider.Calls);
        await stage.ReadyAsync("db", "False");
        // What was edited is tried at once.
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        await Eventually.TrueAsync(() => !stage.Provider.Calls.IsEmpty);
    }

    [Fact]
    public async Task A_refresh_that_met_an_outage_of_a_moment_is_made_up_for_when_the_store_was_found_to_be_well()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await SyncedAsync(stage, "db");
        await OutageAsync(stage, controller, () => !stage.Provider.Calls.IsEmpty);
        var over = time.GetUtcNow();
        await ExternalStage.PassAsync(time, controller, Step, () => !stage.Provider.Calls.IsEmpty);
        Assert.InRange(time.GetUtcNow() - over, TimeSpan.Zero, TimeSpan.FromMinutes(6));
        await stage.SecretAsync("db", "a", "after");
        await stage.ReadyAsync("db", "True");
        // That is all that it is woken for.
        var passes = 0;
        controller.External!.Worked += _ => Interlocked.Increment(ref passes);
        await PassAsync(controller, TimeSpan.FromMinutes(30));
        Assert.Equal(0, passes);
    }

    [Fact]
    public async Task Refreshes_that_met_an_outage_are_made_up_for_when_the_store_answers_one_of_them()
    {
        string[] names = ["db", "web", "mail"];
        await using var stage = await ExternalStage.SetAsync();
        var controller = await SyncedAsync(stage, names);
        // Nobody finds out by asking the store how it is.
        stage.Provider.Validity = StoreValidity.Unknown("it is asked for a name");
        await OutageAsync(stage, controller, () => names.All(name => stage.Provider.Calls.Count(call => call == name) >= 3));
        await stage.PatchAsync("web", """{"metadata":{"annotations":{"force":"1"}}}""");
        await stage.SecretAsync("web", "a", "after");
        var over = time.GetUtcNow();
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromSeconds(1), () => names.All(stage.Provider.Calls.Contains));
        Assert.InRange(time.GetUtcNow() - over, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        foreach (var name in names) await stage.SecretAsync(name, "a", "after");
        foreach (var name in names) await stage.ReadyAsync(name, "True");
    }

    [Fact]
    public async Task A_call_that_fails_after_the_store_answered_another_again_is_made_up_for_at_once()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await SyncedAsync(stage, "db", "web");
        stage.Provider.Validity = StoreValidity.Unknown("it is asked for a name");
        await OutageAsync(stage, controller, () => stage.Provider.Calls.Count(call => call == "db") >= 2);
        // The third call for one hangs, until it fails as the others did.
        var hanging = new TaskCompletionSource();
        stage.Provider.Holds["db"] = hanging.Task;
        foreach (var name in new[] { "db", "web" }) stage.Provider.Failures[name] = new ProviderException(ProviderFailureKind.Unavailable, "no answer in time");
        while (!stage.Provider.Calls.Contains("db")) await Eventually.TurnedAsync(time, Step);
        stage.Provider.Failures.TryRemove("web", out _);
        await stage.PatchAsync("web", """{"metadata":{"annotations":{"force":"1"}}}""");
        await stage.SecretAsync("web", "a", "after");
        hanging.SetResult();
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        stage.Provider.Failures.Clear();
        var over = time.GetUtcNow();
        stage.Provider.Calls.Clear();
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromSeconds(1), () => stage.Provider.Calls.Contains("db"));
        Assert.InRange(time.GetUtcNow() - over, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await stage.SecretAsync("db", "a", "after");
    }

    private async Task<ControllerProcess> SyncedAsync(ExternalStage stage, params string[] names)
    {
        var controller = await stage.BeginAsync(time);
        foreach (var name in names) stage.Provider.Values[name] = "before";
        foreach (var name in names) await stage.ExternalAsync(name, ("a", name));
        foreach (var name in names) await stage.ReadyAsync(name, "True");
        // Who came with others looks again after some seconds.
        await PassAsync(controller, TimeSpan.FromSeconds(30));
        stage.Provider.Calls.Clear();
        return controller;
    }

    /// <summary>The store does not answer until enough was asked.</summary>
    private async Task OutageAsync(ExternalStage stage, ControllerProcess controller, Func<bool> until)
    {
        stage.Provider.Failure = new ProviderException(ProviderFailureKind.Unavailable, "the vault does not answer");
        foreach (var name in stage.Provider.Values.Keys) stage.Provider.Values[name] = "after";
        await ExternalStage.PassAsync(time, controller, Step, until);
        stage.Provider.Failure = null;
        stage.Provider.Calls.Clear();
    }

    private async Task PassAsync(ControllerProcess controller, TimeSpan span)
    {
        var begin = time.GetUtcNow();
        await ExternalStage.PassAsync(time, controller, span < Step ? span : Step, () => time.GetUtcNow() - begin >= span);
    }
}
