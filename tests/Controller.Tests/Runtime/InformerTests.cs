using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>Against an API server that is whole and has bad days.</summary>
public sealed class InformerTests : IAsyncLifetime
{
    private static readonly FaultMatch Lists = new("list", "configmaps");
    private static readonly FaultMatch Watches = new("watch", "configmaps");
    /// <summary>Ours only: every namespace gets a ConfigMap with the cluster's authority, whenever the server comes to it.</summary>
    private static readonly ListQuery Team = new() { Namespace = "team", LabelSelector = "ours=true" };

    private readonly FakeTimeProvider time = new();
    private LocalTestCluster cluster = null!;
    private KubeConnection connection = null!;
    private KubeClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Cancel);
        connection = KubeConnection.Open(new KubeConnectionOptions { KubeconfigPath = cluster.KubeconfigPath });
        client = new KubeClient(new KubeTransport(connection, new KubeTransportOptions { QueriesPerSecond = -1 }, TimeProvider.System)); // requests are real, and so is their time
        var team = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "team" } };
        await client.CreateAsync(KubeKind.Untyped(new KubeResource("", "v1", "namespaces", Namespaced: false)), team, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task What_is_there_is_told_first_page_by_page_and_then_every_change_once()
    {
        await CreateAsync("a", "b", "c", "d", "e");
        await using var followed = Follow(Team with { PageSize = 2 });
        await followed.SyncedAsync();
        await followed.ToldAsync("+a", "+b", "+c", "+d", "+e");
        Assert.Equal(5, followed.Informer.Cache.Count);

        await CreateAsync("f");
        await ChangeAsync("a", "1");
        await DeleteAsync("b");
        await followed.ToldAsync("+a", "+b", "+c", "+d", "+e", "+f", "~a", "-b");
        Assert.Equal("1", followed.Informer.Cache.Find(new("team", "a"))?["data"]?["x"]?.GetValue<string>());
        Assert.Null(followed.Informer.Cache.Find(new("team", "b")));
    }

    [Fact]
    public async Task A_handler_gets_the_older_and_the_newer_self()
    {
        await CreateAsync("a");
        var pairs = new List<(string?, string?)>();
        await using var followed = Follow(Team, first: change => pairs.Add((Value(change.Old), Value(change.New))));
        await followed.SyncedAsync();
        await WatchingAsync();
        await ChangeAsync("a", "1");
        await DeleteAsync("a");
        await followed.ToldAsync("+a", "~a", "-a");
        Assert.Equal([(null, "0"), ("0", "1"), ("1", null)], pairs);
    }

    [Fact]
    public async Task A_broken_watch_goes_on_where_it_broke_without_a_list()
    {
        await CreateAsync("a");
        await using var followed = Follow(Team);
        await WatchingAsync();
        cluster.Server.Faults.DropWatches(Watches);
        await CreateAsync("b");
        await TimePassesUntilToldAsync(followed, "+a", "+b");
        Assert.Equal(1, CountOf("list"));
    }

    [Fact]
    public async Task A_version_that_is_too_old_leads_to_a_list_that_tells_only_differences()
    {
        await CreateAsync("kept", "gone", "changed");
        await using var followed = Follow(Team);
        await WatchingAsync();
        using (cluster.Server.Faults.Disconnect(Watches))
        {
            cluster.Server.Faults.DropWatches(Watches);
            await DeleteAsync("gone");
            await ChangeAsync("changed", "1");
            await CreateAsync("new");
            cluster.Server.Faults.CompactHistory();
        }

        await TimePassesUntilToldAsync(followed, "+changed", "+gone", "+kept", "~changed", "+new", "-gone");
        Assert.Equal(2, CountOf("list"));
    }

    [Fact]
    public async Task A_watch_that_says_expired_leads_to_a_list_after_a_pause()
    {
        await CreateAsync("a");
        using var fault = cluster.Server.Faults.ExpireWatches(Watches, times: 3);
        await using var followed = Follow(Team);
        await Eventually.TrueAsync(() => fault.Hits == 1);
        Assert.Equal(1, CountOf("list"));

        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(100), () => fault.Hits == 3 && cluster.Server.Faults.OpenWatches == 1);
        Assert.Equal(4, CountOf("list"));
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(1 + 2 + 4));
        Assert.Equal(["+a"], followed.Told);
    }

    [Fact]
    public async Task A_kind_that_appears_after_the_start_is_followed_then()
    {
        await CreateAsync("a");
        using var fault = cluster.Server.Faults.Answer(404, Lists, times: 3);
        await using var followed = Follow(Team);
        await Eventually.TrueAsync(() => fault.Hits == 1);
        Assert.False(followed.Informer.HasSynced);
        await TimePassesUntilToldAsync(followed, "+a");
        Assert.True(followed.Informer.HasSynced);
    }

    [Fact]
    public async Task A_list_that_breaks_off_takes_nothing_for_gone()
    {
        await CreateAsync("a", "b", "c");
        await using var followed = Follow(Team with { PageSize = 1 });
        await WatchingAsync();
        using (cluster.Server.Faults.Answer(500, new FaultMatch("list", "configmaps", "continue="), times: 2))
        {
            using var expire = cluster.Server.Faults.ExpireWatches(Watches, times: 1);
            cluster.Server.Faults.DropWatches(Watches);
            var lists = CountOf("list");
            await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(200), () => CountOf("list") >= lists + 2);
            Assert.Equal(3, followed.Informer.Cache.Count);
        }

        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(200), () => cluster.Server.Faults.OpenWatches == 1);
        Assert.Equal(["+a", "+b", "+c"], followed.Told);
    }

    [Fact]
    public async Task A_handler_that_throws_stops_nobody()
    {
        await using var followed = Follow(Team, first: _ => throw new InvalidOperationException("no"));
        await WatchingAsync();
        await CreateAsync("a", "b");
        await followed.ToldAsync("+a", "+b");
    }

    [Fact]
    public async Task What_is_trimmed_is_not_kept()
    {
        await CreateAsync("a");
        var options = new InformerOptions<JsonObject> { Query = Team, Trim = Trimmed };
        await using var followed = new Followed(client, options, time);
        await followed.SyncedAsync();
        var kept = followed.Informer.Cache.Find(new("team", "a"));
        Assert.Null(kept?["data"]);
        Assert.Equal("a", kept?["metadata"]?["name"]?.GetValue<string>());

        static JsonObject Trimmed(JsonObject item)
        {
            item.Remove("data");
            return item;
        }
    }

    [Fact]
    public async Task Secrets_can_be_followed_by_their_metadata()
    {
        var secrets = KubeKind.MetadataOf(new KubeResource("", "v1", "secrets"));
        var informer = new Informer<PartialObjectMetadata>(client, secrets, new InformerOptions<PartialObjectMetadata> { Query = Team }, time, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(Cancel);
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "s", ["namespace"] = "team", ["labels"] = new JsonObject { ["l"] = "1", ["ours"] = "true" } },
            ["stringData"] = new JsonObject { ["k"] = "v" },
        };
        await client.CreateAsync(KubeKind.Untyped(secrets.Resource), secret, Cancel);
        await Eventually.TrueAsync(() => informer.Cache.Count == 1);
        Assert.Equal("1", informer.Cache.Find(new("team", "s"))?.Label("l"));
        await stop.CancelAsync();
        await running;
    }

    private static string? Value(JsonObject? item) => item?["data"]?["x"]?.GetValue<string>();

    private Followed Follow(ListQuery query, Action<ObjectChange<JsonObject>>? first = null) =>
        new(client, new InformerOptions<JsonObject> { Query = query }, time, first);

    private Task WatchingAsync() => Eventually.TrueAsync(() => cluster.Server.Faults.OpenWatches == 1, "watch");

    private Task TimePassesUntilToldAsync(Followed followed, params string[] expected) =>
        Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(200), () => followed.Told.SequenceEqual(expected), string.Join(' ', expected));

    private int CountOf(string verb) => cluster.Server.Requests.Count(request => request.Verb == verb && request.Resource == "configmaps");

    private async Task CreateAsync(params string[] names)
    {
        foreach (var name in names)
        {
            var item = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "team", ["labels"] = new JsonObject { ["ours"] = "true" } },
                ["data"] = new JsonObject { ["x"] = "0" },
            };
            await client.CreateAsync(Followed.ConfigMaps, item, Cancel);
        }
    }

    private async Task ChangeAsync(string name, string value) =>
        await client.PatchAsync(Followed.ConfigMaps, new("team", name), new JsonObject { ["data"] = new JsonObject { ["x"] = value } }, Cancel);

    private Task DeleteAsync(string name) => client.DeleteAsync(Followed.ConfigMaps.Resource, new("team", name), null, Cancel);
}
