using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.Providers;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Stores that throttle, are down, go away; clocks that jump; intervals that make no sense. In virtual time.</summary>
public sealed class StoreTroubleTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_is_down_for_an_hour_is_asked_now_and_then_and_comes_back_without_a_stampede()
    {
        const int Objects = 40;
        const int CallsPerSecond = 2;
        await using var stage = await ExternalStage.SetAsync();
        // So many at once that nobody ever waits for the rate: what keeps the calls apart is that nobody is woken faster.
        var controller = await BeginAsync(stage, $"--store-rate-limit={CallsPerSecond}", "--store-rate-limit-burst=1000");
        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "before";
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", "{}", "10m", ("a", $"k{i}"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");

        stage.Provider.Failure = new ProviderException(ProviderFailureKind.Unavailable, "the vault does not answer");
        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "after";
        stage.Provider.Calls.Clear();
        var down = time.GetUtcNow();
        await PassAsync(controller, Step, () => time.GetUtcNow() - down >= TimeSpan.FromHours(1));
        // Forty objects with an interval of ten minutes would have made 240 calls. Five that were answered before close the door; then there is one call in 30 s, and until each has failed
        // another.
        Assert.InRange(stage.Provider.Calls.Count, 5, 130 + Objects);
        var secrets = new SecretCount(stage);
        Assert.Equal(Objects, await secrets.WithAsync("before"));
        var told = await stage.UntilAsync(ExternalKinds.ExternalSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(source => source.Status?.Conditions?[0] is { Status: "False" } ready
            && ready.Message!.Contains("err: the store has been failing since ", StringComparison.Ordinal)));
        Assert.InRange(ExternalStatus.Parse(told.Status!.Conditions![0].LastTransitionTime)!.Value - down, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(12));

        stage.Provider.Failure = null;
        stage.Provider.Calls.Clear();
        var (most, all) = (0, 0);
        await PassAsync(controller, TimeSpan.FromSeconds(1), () =>
        {
            var calls = stage.Provider.Calls.Count - all;
            (most, all) = (Math.Max(most, calls), all + calls);
            return all >= Objects;
        });
        // Woken no faster than the store bears; beside them a few whose own time had come.
        Assert.InRange(most, 1, Objects / 4);
        await stage.UntilAsync(ClusterKinds.Secrets, ExternalStage.Namespace, found => found.Count(secret => Stage.Item(secret, "a") == "after") == Objects ? found[0] : null);
        await stage.ReadyAsync("db-7", "True", "secret synced");
    }

    [Fact]
    public async Task A_store_that_throttles_is_left_alone_for_as_long_as_it_asks()
    {
        const int Objects = 20;
        const int Workers = 2;
        await using var stage = await ExternalStage.SetAsync();
        var controller = await BeginAsync(stage);
        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "before";
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", "{}", "1m", ("a", $"k{i}"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");

        stage.Provider.Failure = new ProviderException(ProviderFailureKind.Throttled, "slow down") { RetryAfter = TimeSpan.FromMinutes(5) };
        stage.Provider.Calls.Clear();
        var begin = time.GetUtcNow();
        await Eventually.TrueAsTimePassesAsync(time, Step, () => !stage.Provider.Calls.IsEmpty);
        var throttled = time.GetUtcNow();
        await Eventually.TrueAsTimePassesAsync(time, Step, () => time.GetUtcNow() - throttled >= TimeSpan.FromMinutes(4.5));
        // Five different keys are the store's, and each worker may be on its way.
        Assert.InRange(stage.Provider.Calls.Count, 1, 5 + Workers);
        var secrets = new SecretCount(stage);
        Assert.Equal(Objects, await secrets.WithAsync("before"));

        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "after";
        stage.Provider.Failure = null;
        stage.Provider.Calls.Clear();
        await PassAsync(controller, Step, () => stage.Provider.Calls.Distinct(StringComparer.Ordinal).Count() >= Objects);
        Assert.True(time.GetUtcNow() - begin >= TimeSpan.FromMinutes(5));
        for (var i = 0; i < Objects; i++) await stage.SecretAsync($"db-{i}", "a", "after");
        await stage.ReadyAsync("db-7", "True", "secret synced");
    }

    /// <summary>One tenant's key must not cost another his: a shared store is closed by what it does to all, not by what it does to one.</summary>
    [Fact]
    public async Task A_key_that_throttles_keeps_its_own_words_and_closes_the_store_to_nobody()
    {
        await using var stage = await ExternalStage.SetAsync();
        await BeginAsync(stage);
        stage.Provider.Failures["bad"] = new ProviderException(ProviderFailureKind.Throttled, "bad is asked too often") { RetryAfter = TimeSpan.FromSeconds(500) };
        await stage.ExternalAsync("bad", ("a", "bad"));
        await stage.ReadyAsync("bad", "False", "bad is asked too often");
        stage.Provider.Values["good"] = "v";
        await stage.ExternalAsync("good", ("a", "good"));
        await stage.SecretAsync("good", "a", "v");
        // Another over the bad key hears the same, and makes no call.
        await stage.ExternalAsync("worse", ("a", "bad"));
        await stage.ReadyAsync("worse", "False", "bad is asked too often");
        Assert.Equal(["bad", "good"], stage.Provider.Calls);
    }

    /// <summary>Two workers.</summary>
    [Fact]
    public async Task A_push_that_is_never_answered_ends_with_the_store()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await BeginAsync(stage);
        stage.Writable.Hold = new TaskCompletionSource().Task;
        await Push.PushStage.StoreAsync(stage, "one");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await Push.PushStage.PushAsync(stage, "data: " + Push.PushStage.Data);
        await Push.PushStage.UntilAsync(stage, () => !stage.Writable.Calls.IsEmpty);
        await stage.Kube.DeleteAsync(ExternalKinds.SecretStores.Resource, ExternalStage.Key("one"), null, Ending);
        // "The store was changed while it was asked", which the next pass may overtake: there is no store.
        await Push.PushStage.ReadyAsync(stage, "False");
        await Eventually.TrueAsync(() => controller.External!.IsIdle);
    }

    [Fact]
    public async Task Ten_keys_that_fail_for_an_hour_leave_the_others_ready_and_refreshed()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await BeginAsync(stage);
        stage.Provider.Values["good"] = "before";
        await stage.ExternalAsync("good", "{}", "1m", ("a", "good"));
        await stage.ReadyAsync("good", "True");
        for (var i = 0; i < 10; i++)
        {
            stage.Provider.Failures[$"bad{i}"] = new ProviderException(ProviderFailureKind.Unavailable, $"500 for bad{i}");
            await stage.ExternalAsync($"bad-{i}", "{}", "1m", ("a", $"bad{i}"));
        }
        var since = (await stage.ReadyAsync("good", "True")).Status!.Conditions![0].LastTransitionTime;
        var begin = time.GetUtcNow();
        await PassAsync(controller, Step, () => time.GetUtcNow() - begin >= TimeSpan.FromHours(1));
        stage.Provider.Values["good"] = "after";
        await PassAsync(controller, Step, () => time.GetUtcNow() - begin >= TimeSpan.FromHours(1.1));
        await stage.SecretAsync("good", "a", "after");
        Assert.Equal(since, (await stage.ReadyAsync("good", "True")).Status!.Conditions![0].LastTransitionTime);
        Assert.True(stage.Provider.Calls.Count(call => call == "good") >= 60);
    }

    [Fact]
    public async Task Many_objects_over_few_keys_make_one_call_a_key_and_window_for_ever()
    {
        const int Objects = 60;
        const int Keys = 3;
        await using var stage = await ExternalStage.SetAsync();
        var controller = await BeginAsync(stage);
        for (var i = 0; i < Keys; i++) stage.Provider.Values[$"k{i}"] = "v";
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", "{}", "1h", ("a", $"k{i % Keys}"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
        Assert.Equal(Keys, stage.Provider.Calls.Count);
        // An interval ends somewhere in its last tenth: ten hours are at most eleven windows.
        var begin = time.GetUtcNow();
        await PassAsync(controller, TimeSpan.FromMinutes(2), () => time.GetUtcNow() - begin >= TimeSpan.FromHours(10));
        Assert.InRange(stage.Provider.Calls.Count, Keys * 9, Keys * 12);
    }

    [Fact]
    public async Task Many_objects_over_few_keys_stay_together_in_batches_for_ever()
    {
        const int Objects = 16;
        const int Keys = 8;
        await using var stage = await ExternalStage.SetAsync(provider: new ScriptedProvider { Batches = true }); // of two
        var controller = await BeginAsync(stage);
        for (var i = 0; i < Keys; i++) stage.Provider.Values[$"k{i}"] = "v";
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", "{}", "30h", ("a", $"k{i % Keys}"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
        var first = stage.Provider.Calls.Count;
        // Their refreshes are spread over three hours, a few minutes from each other.
        var begin = time.GetUtcNow();
        await PassAsync(controller, TimeSpan.FromMinutes(5), () => time.GetUtcNow() - begin >= TimeSpan.FromHours(90));
        Assert.InRange(stage.Provider.Calls.Count - first, Keys / 2 * 2, Keys / 2 * 4);
    }

    /// <summary>The ways in which people ask for the value of this moment; within the window in which refreshes share what was answered.</summary>
    [Fact]
    public async Task A_new_object_one_that_is_made_again_and_a_deleted_Secret_get_the_value_of_that_moment()
    {
        await using var stage = await ExternalStage.SetAsync();
        await BeginAsync(stage);
        stage.Provider.Values["k"] = "1";
        await stage.ExternalAsync("first", ("a", "k"));
        await stage.SecretAsync("first", "a", "1");
        await stage.ReadyAsync("first", "True");

        Change(stage, "2");
        await stage.ExternalAsync("second", ("a", "k"));
        await stage.SecretAsync("second", "a", "2");
        await stage.ReadyAsync("second", "True");

        Change(stage, "3");
        await stage.DeleteSecretAsync("second");
        await stage.SecretAsync("second", "a", "3");

        Change(stage, "4");
        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("second"), null, Ending);
        await stage.ExternalAsync("second", ("a", "k"));
        await stage.SecretAsync("second", "a", "4");
        Assert.Equal("1", Stage.Item(await stage.SecretAsync("first"), "a"));
        Assert.Equal(["k", "k", "k", "k"], stage.Provider.Calls);
    }

    /// <summary>Thousands of objects that are applied together do not come at one moment.</summary>
    [Fact]
    public async Task What_comes_within_seconds_shares_a_call_and_makes_sure_of_its_value_with_one_more()
    {
        const int Objects = 10;
        await using var stage = await ExternalStage.SetAsync();
        var controller = await BeginAsync(stage);
        stage.Provider.Values["k"] = "1";
        for (var i = 0; i < Objects; i++)
        {
            await stage.ExternalAsync($"db-{i}", ("a", "k"));
            await stage.ReadyAsync($"db-{i}", "True");
            time.Advance(TimeSpan.FromMilliseconds(500));
        }
        Assert.Equal(["k"], stage.Provider.Calls);
        stage.Provider.Values["k"] = "2";
        var last = time.GetUtcNow();
        await PassAsync(controller, TimeSpan.FromMilliseconds(500), () => time.GetUtcNow() - last >= TimeSpan.FromSeconds(11));
        for (var i = 1; i < Objects; i++) await stage.SecretAsync($"db-{i}", "a", "2");
        Assert.Equal("1", Stage.Item(await stage.SecretAsync("db-0"), "a"));
        Assert.Equal(["k", "k"], stage.Provider.Calls);
    }

    [Fact]
    public async Task Many_Secrets_that_are_deleted_together_make_one_call_a_key()
    {
        const int Objects = 20;
        await using var stage = await ExternalStage.SetAsync();
        await BeginAsync(stage);
        Change(stage, "1");
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", ("a", "k"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
        Assert.Equal(["k"], stage.Provider.Calls);
        Change(stage, "2");
        for (var i = 0; i < Objects; i++) await stage.DeleteSecretAsync($"db-{i}");
        for (var i = 0; i < Objects; i++) await stage.SecretAsync($"db-{i}", "a", "2");
        Assert.Equal(["k", "k"], stage.Provider.Calls);
    }

    [Fact]
    public async Task A_store_that_is_deleted_while_it_is_used_leaves_the_Secret_and_may_come_back()
    {
        await using var stage = await ExternalStage.SetAsync();
        await BeginAsync(stage);
        stage.Provider.Values["k"] = "v";
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.Kube.DeleteAsync(ExternalKinds.SecretStores.Resource, ExternalStage.Key("store"), null, Ending);
        await stage.ReadyAsync("db", "False", "could not get SecretStore \"store\", SecretStore.external-secrets.io \"store\" not found");
        await stage.SecretAsync("db", "a", "v");
        stage.Provider.Values["k"] = "w";
        await stage.StoreAsync();
        await stage.SecretAsync("db", "a", "w");
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task Intervals_of_zero_of_less_and_of_a_year_are_taken_for_what_they_say()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await BeginAsync(stage);
        foreach (var (name, interval) in ((string Name, string Interval)[])[("zero", "\"0\""), ("less", "-5m"), ("year", "8760h")])
        {
            stage.Provider.Values[name] = "v";
            await stage.ExternalAsync(name, "{}", interval, ("a", name));
            await stage.ReadyAsync(name, "True");
        }
        // Who came before the store was ready looks again after some seconds, and must not do so days after his Secret was written and before the watch shows it.
        var begin = time.GetUtcNow();
        await PassAsync(controller, TimeSpan.FromSeconds(1), () => time.GetUtcNow() - begin >= TimeSpan.FromSeconds(10));
        stage.Provider.Calls.Clear();
        await PassAsync(controller, TimeSpan.FromDays(5), () => time.GetUtcNow() - begin >= TimeSpan.FromDays(300));
        Assert.Empty(stage.Provider.Calls);
        await PassAsync(controller, TimeSpan.FromDays(1), () => stage.Provider.Calls.Contains("year"));
        Assert.InRange(time.GetUtcNow() - begin, TimeSpan.FromDays(328), TimeSpan.FromDays(367));
        Assert.Equal(["year"], stage.Provider.Calls);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_by_a_day_stops_no_refresh_and_makes_none_twice()
    {
        const int Objects = 20;
        await using var stage = await ExternalStage.SetAsync();
        var clock = new SettableClock(time);
        var controller = await stage.BeginAsync(clock);
        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "before";
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", "{}", "10m", ("a", $"k{i}"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
        stage.Provider.Calls.Clear();
        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "after";
        var begin = time.GetUtcNow();
        clock.Set(TimeSpan.FromDays(-1));
        await PassAsync(controller, Step, () => stage.Provider.Calls.Distinct(StringComparer.Ordinal).Count() == Objects);
        // Each at its own time, which is within its interval and no day later; virtual time may run ahead of a slow machine.
        Assert.InRange(time.GetUtcNow() - begin, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20));
        Assert.InRange(stage.Provider.Calls.Count, Objects, Objects * 2);
        await stage.UntilAsync(ClusterKinds.Secrets, ExternalStage.Namespace, found => found.Count(secret => Stage.Item(secret, "a") == "after") == Objects ? found[0] : null);
    }

    /// <summary>The value of <c>k</c>, some seconds later.</summary>
    private void Change(ExternalStage stage, string value)
    {
        stage.Provider.Values["k"] = value;
        time.Advance(TimeSpan.FromSeconds(15));
    }

    private Task<ControllerProcess> BeginAsync(ExternalStage stage, params string[] flags) => stage.BeginAsync(time, flags);

    private Task PassAsync(ControllerProcess controller, TimeSpan step, Func<bool> until) => ExternalStage.PassAsync(time, controller, step, until);

    /// <summary>How many Secrets hold a value under the item <c>a</c>.</summary>
    private sealed class SecretCount(ExternalStage stage)
    {
        public async Task<int> WithAsync(string value) =>
            (await stage.Kube.ListAsync(ClusterKinds.Secrets, new ListQuery { Namespace = ExternalStage.Namespace }, Ending)).Count(secret => Stage.Item(secret, "a") == value);
    }
}
