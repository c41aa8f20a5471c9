using System.Collections.Concurrent;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Server;

/// <summary>What only our server can do: misfortune on demand. Each test has a server of its own.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string Secrets = "/api/v1/namespaces/default/secrets";
    private readonly ObservedTime time = new();
    private LocalTestCluster cluster = null!;
    private ApiClient api = null!;

    private ClusterFaults Faults => cluster.Server.Faults;

    public async ValueTask InitializeAsync()
    {
        time.SetUtcNow(TimeProvider.System.GetUtcNow()); // certificates are checked by the real clock
        cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions { Time = time }, TestContext.Current.CancellationToken);
        api = new ApiClient(cluster.CreateAdminClient());
    }

    public async ValueTask DisposeAsync()
    {
        api.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_refusal_with_a_time_to_wait_is_counted_and_ends_after_its_times()
    {
        using var fault = Faults.Answer(429, new FaultMatch("list", "secrets"), times: 2, retryAfterSeconds: 7);
        using var first = await api.Http.GetAsync(Secrets, TestContext.Current.CancellationToken);
        Assert.Equal((429, "7"), ((int)first.StatusCode, first.Headers.RetryAfter!.ToString()));
        Assert.Equal(429, (await api.GetAsync(Secrets)).Code);
        Assert.Equal(200, (await api.GetAsync(Secrets)).Code);
        Assert.Equal(2, fault.Hits);
    }

    [Fact]
    public async Task A_fault_meets_only_what_it_is_for_and_is_lifted_by_dispose()
    {
        using (Faults.Answer(500, new FaultMatch("create", "secrets")))
        {
            Assert.Equal(500, (await api.PostAsync(Secrets, """{"metadata":{"name":"a"}}""")).Code);
            Assert.Equal(200, (await api.GetAsync(Secrets)).Code);
        }

        Assert.Equal(201, (await api.PostAsync(Secrets, """{"metadata":{"name":"a"}}""")).Code);
    }

    [Fact]
    public async Task Dropped_watches_break_off_and_can_be_resumed()
    {
        var start = (await api.GetAsync(Secrets)).Version;
        using var watch = await WatchReader.OpenAsync(api, $"{Secrets}?resourceVersion={start}");
        await api.PostAsync(Secrets, """{"metadata":{"name":"a"}}""");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal(1, Faults.DropWatches(new FaultMatch(Resource: "secrets")));
        await Assert.ThrowsAnyAsync<IOException>(watch.NextAsync);
        using var again = await WatchReader.OpenAsync(api, $"{Secrets}?resourceVersion={start}");
        Assert.Equal("ADDED a", await again.NextNameAsync());
    }

    [Fact]
    public async Task Lost_history_is_an_ERROR_event_410_to_a_watch_and_a_410_to_a_page()
    {
        foreach (var name in (string[])["a", "b"]) await api.PostAsync(Secrets, $$"""{"metadata":{"name":"{{name}}"} }""");
        var page = await api.GetAsync(Secrets + "?limit=1");
        Faults.CompactHistory();
        using var watch = await WatchReader.OpenAsync(api, $"{Secrets}?resourceVersion={page.Version}");
        var first = await watch.NextAsync();
        Assert.Equal("ERROR", first!["type"]!.GetValue<string>());
        Assert.Equal((410, "Expired"), (first["object"]!["code"]!.GetValue<int>(), first["object"]!["reason"]!.GetValue<string>()));
        Assert.Null(await watch.NextAsync());
        var rest = await api.GetAsync($"{Secrets}?limit=1&continue={page.Metadata("continue")}");
        Assert.Equal((410, "Expired"), (rest.Code, rest.Reason));
        var inconsistent = await api.GetAsync($"{Secrets}?continue={rest.Metadata("continue")}");
        Assert.Equal(["b"], inconsistent.ItemNames);
    }

    [Fact]
    public async Task A_watch_can_be_made_to_expire_once()
    {
        using var fault = Faults.ExpireWatches(new FaultMatch(Resource: "secrets"), times: 1);
        using var expired = await WatchReader.OpenAsync(api, Secrets);
        Assert.Equal("ERROR", (await expired.NextAsync())!["type"]!.GetValue<string>());
        await api.PostAsync(Secrets, """{"metadata":{"name":"a"}}""");
        using var watch = await WatchReader.OpenAsync(api, Secrets);
        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_delay_is_by_the_servers_clock()
    {
        using var fault = Faults.Delay(TimeSpan.FromHours(1), new FaultMatch("get"));
        var asked = api.GetAsync(Secrets + "/none");
        await TestHome.UntilAsync(() => api.GetAsync(Secrets), _ => fault.Hits == 1);
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(404, (await asked).Code);
    }

    [Fact]
    public async Task What_turns_with_the_clock_is_seen_only_when_its_timer_runs()
    {
        using var fault = Faults.Delay(TimeSpan.FromHours(1), new FaultMatch("get"), times: 1);
        ConcurrentQueue<(int Hits, int Watches)> seen = [];
        time.BeforeTimer = () => seen.Enqueue((fault.Hits, Faults.OpenWatches));
        var asked = api.GetAsync(Secrets + "/none");
        await TestHome.UntilAsync(() => api.GetAsync(Secrets), _ => fault.Hits == 1);
        Assert.Contains((0, 0), seen);
        Assert.DoesNotContain((1, 0), seen);
        seen.Clear();
        using var watch = await WatchReader.OpenAsync(api, Secrets);
        await TestHome.UntilAsync(() => api.GetAsync(Secrets), _ => Faults.OpenWatches == 1);
        Assert.Equal([(1, 0), (1, 0)], seen);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(404, (await asked).Code);
    }

    [Fact]
    public async Task A_broken_connection_is_no_answer_at_all()
    {
        using var fault = Faults.Disconnect(new FaultMatch(PathContains: "/secrets/x"), times: 1);
        await Assert.ThrowsAsync<HttpRequestException>(() => api.GetAsync(Secrets + "/x"));
        Assert.Equal(404, (await api.GetAsync(Secrets + "/x")).Code);
    }

    [Fact]
    public async Task Bookmarks_come_every_minute_and_a_watch_ends_by_the_servers_clock()
    {
        using var watch = await WatchReader.OpenAsync(api, Secrets + "?allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=" + (await api.GetAsync(Secrets)).Version);
        await TestHome.UntilAsync(() => api.GetAsync(Secrets), _ => Faults.OpenWatches == 1);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("BOOKMARK", await watch.NextNameAsync());
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("BOOKMARK", await watch.NextNameAsync());
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_token_ends_when_its_time_is_up()
    {
        var token = await cluster.CreateServiceAccountTokenAsync("default", "default", TestContext.Current.CancellationToken);
        using var account = new ApiClient(cluster.CreateClient(token));
        Assert.Equal(403, (await account.GetAsync(Secrets)).Code);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(401, (await account.GetAsync(Secrets)).Code);
    }

    [Fact]
    public async Task What_was_asked_is_on_record()
    {
        cluster.Server.Requests.Clear();
        await api.PatchAsync(Secrets + "/none", "{}");
        var seen = Assert.Single(cluster.Server.Requests.All());
        Assert.Equal(("patch", "secrets", "default", "none", 404), (seen.Verb, seen.Resource, seen.Namespace, seen.Name, seen.StatusCode));
        Assert.True(seen.IsWrite);
    }
}
