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
        // Forty objects with an interval of ten minutes would have made 240 calls. Five failures close the door; then there is one call in 30 s.
        Assert.InRange(stage.Provider.Calls.Count, 5, 130);
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
        Assert.InRange(stage.Provider.Calls.Count, 1, Workers);
        var secrets = new SecretCount(stage);
        Assert.Equal(Objects, await secrets.WithAsync("before"));

        for (var i = 0; i < Objects; i++) stage.Provider.Values[$"k{i}"] = "after";
        stage.Provider.Failure = null;
        stage.Provider.Calls.Clear();
        await PassAsync(controller, Step, () => stage.Provider.Calls.Count >= Objects);
        Assert.True(time.GetUtcNow() - begin >= TimeSpan.FromMinutes(5));
        for (var i = 0; i < Objects; i++) await stage.SecretAsync($"db-{i}", "a", "after");
        await stage.ReadyAsync("db-7", "True", "secret synced");
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

    private Task<ControllerProcess> BeginAsync(ExternalStage stage, params string[] flags) => stage.BeginAsync(time, flags);

    private Task PassAsync(ControllerProcess controller, TimeSpan step, Func<bool> until) => ExternalStage.PassAsync(time, controller, step, until);

    /// <summary>How many Secrets hold a value under the item <c>a</c>.</summary>
    private sealed class SecretCount(ExternalStage stage)
    {
        public async Task<int> WithAsync(string value) =>
            (await stage.Kube.ListAsync(ClusterKinds.Secrets, new ListQuery { Namespace = ExternalStage.Namespace }, Ending)).Count(secret => Stage.Item(secret, "a") == value);
    }
}
