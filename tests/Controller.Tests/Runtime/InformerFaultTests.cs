using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Sealed;
using GitOpsSecrets.Controller.Tests.Kube;
using Microsoft.AspNetCore.Http;
using static GitOpsSecrets.Controller.Tests.Runtime.ScriptedCollection;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>Against what no healthy API server does, and proxies between it and us do.</summary>
public sealed class InformerFaultTests
{
    private static readonly TimeSpan Silence = new InformerOptions<JsonObject>().IdleTimeout;

    private readonly SleepersTime time = new() { Watched = Silence };

    [Fact]
    public async Task A_garbled_line_loses_nothing_because_a_list_follows()
    {
        var script = new ScriptedCollection()
            .List("10", "", Item("a", 1))
            .List("20", "", Item("a", 15))
            .Watch(Event("ADDED", Item("b", 11)), """{"type":"MODIFIED","object":{"metadata":{"na""", Event("ADDED", Item("never", 12)))
            .SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await PassAsync(() => script.Watches.Count == 2);
        Assert.Equal(["+a", "+b", "~a", "-b"], followed.Told);
        Assert.Equal("20", script.Watches.Last()["resourceVersion"]);
    }

    [Fact]
    public async Task A_watch_cut_off_in_the_middle_of_a_line_loses_nothing()
    {
        var script = new ScriptedCollection().List("10", "", Item("a", 1)).List("20", "", Item("a", 15)).Watch("""{"type":"MODIF""").SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await PassAsync(() => script.Watches.Count == 2);
        Assert.Equal(["+a", "~a"], followed.Told);
    }

    [Fact]
    public async Task A_silent_watch_is_given_up_and_the_next_begins_at_the_last_bookmark()
    {
        var bookmark = Event("BOOKMARK", """{"kind":"ConfigMap","metadata":{"resourceVersion":"42"}}""");
        var script = new ScriptedCollection().List("10", "", Item("a", 1)).SilentWatch(bookmark).SilentWatch();
        await using var server = await script.StartAsync();
        var patient = new KubeTransportOptions { QueriesPerSecond = -1, Timeout = TimeSpan.FromDays(1) };
        await using var followed = new Followed(server.Client(time, patient), new InformerOptions<JsonObject>(), time);
        await Eventually.TrueAsync(() => time.TimesSet >= 3, "the wait after the bookmark"); // when the watch opened, before the first line, before the second
        time.Advance(Silence - TimeSpan.FromMilliseconds(1));
        Assert.Single(script.Watches);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => script.Watches.Count == 2);
        Assert.Equal("42", script.Watches.Last()["resourceVersion"]);
        Assert.Single(script.Lists);
    }

    [Fact]
    public async Task A_watch_that_ends_without_an_event_is_repeated_with_pauses_and_without_a_list()
    {
        var script = new ScriptedCollection().List("10", "", Item("a", 1)).Watch().Watch().Watch().SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await PassAsync(() => script.Watches.Count == 4);
        Assert.All(script.Watches, query => Assert.Equal("10", query["resourceVersion"]));
        Assert.Single(script.Lists);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(1 + 2 + 4));
    }

    [Fact]
    public async Task A_watch_asks_for_bookmarks_and_an_end_between_five_and_ten_minutes()
    {
        var script = new ScriptedCollection().List("10", "").SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await Eventually.TrueAsync(() => script.Watches.Count == 1);
        var query = script.Watches.Single();
        Assert.Equal(("true", "300"), (query["allowWatchBookmarks"].ToString(), query["timeoutSeconds"].ToString()));
    }

    [Fact]
    public async Task A_list_whose_second_page_is_too_old_is_listed_again_in_one_page()
    {
        var script = new ScriptedCollection().List("10", "next", Item("a", 1)).List(Gone).List("20", "", Item("a", 1), Item("b", 2)).SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await followed.SyncedAsync();
        Assert.Equal(["+a", "+b"], followed.Told);
        Assert.Equal(["500", "500", ""], script.Lists.Select(query => query["limit"].ToString()));
        await Eventually.TrueAsync(() => script.Watches.Count == 1);
        Assert.Equal("20", script.Watches.Single()["resourceVersion"]);
    }

    [Fact]
    public async Task The_watch_begins_at_the_version_of_the_first_page()
    {
        var script = new ScriptedCollection().List("10", "next", Item("a", 1)).List("13", "", Item("b", 12)).SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await Eventually.TrueAsync(() => script.Watches.Count == 1);
        Assert.Equal("10", script.Watches.Single()["resourceVersion"]);
    }

    [Fact]
    public async Task A_change_told_twice_by_the_server_is_told_once()
    {
        var script = new ScriptedCollection().List("10", "", Item("a", 9)).SilentWatch(
            Event("ADDED", Item("a", 9)), Event("MODIFIED", Item("a", 11)), Event("MODIFIED", Item("a", 11)), Event("DELETED", Item("a", 12)), Event("DELETED", Item("a", 12)), Event("ADDED", Item("z", 13)));
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await Eventually.TrueAsync(() => followed.Told.Contains("+z"));
        Assert.Equal(["+a", "~a", "-a", "+z"], followed.Told);
    }

    [Fact]
    public async Task An_unreadable_object_spoils_neither_the_list_nor_the_watch()
    {
        const string Unreadable = """["not an object"]""";
        var script = new ScriptedCollection()
            .List("10", "", Item("a", 1), Unreadable, Item("b", 2))
            .SilentWatch(Event("ADDED", Item("c", 11)));
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await Eventually.TrueAsync(() => followed.Told.Count == 3);
        Assert.Equal(["+a", "+b", "+c"], followed.Told);
    }

    /// <summary>A long list comes in pieces, and what stands in the middle of one is read otherwise than what ends it.</summary>
    [Theory]
    [InlineData("""{"metadata":{"name":"x","namespace":"team","resourceVersion":"9","generation":1,"ownerReferences":[{"name":1,"blockOwnerDeletion":true}],"managedFields":[{}]},"spec":{"a":[]}}""", "team/x")]
    [InlineData("""{"metadata":{"name":"x","namespace":"team","labels":[],"annotations":{"a":1},"ownerReferences":[1]},"other":1}""", "team/x")]
    [InlineData("""{"metadata":[],"spec":[{}]}""", "")]
    [InlineData("""["not an object"]""", "")]
    public async Task An_unreadable_object_at_the_start_of_a_long_list_does_not_spoil_it(string unreadable, string name)
    {
        var others = Enumerable.Range(1, 1000).Select(i => Item($"a{i}", i)).ToArray();
        await using var server = await new ScriptedCollection().List("10000", "", [unreadable, .. others]).StartAsync();
        var page = await server.Client(TimeProvider.System).ListPageAsync(SealedSecretKind.Instance, ListQuery.Everything, null, TestContext.Current.CancellationToken);
        Assert.Equal(others.Length, page.Items!.Count(item => item.Value is not null));
        Assert.Equal(name, page.Items!.Single(item => item.Value is null).Unreadable!.Key.ToString());
    }

    [Theory]
    [InlineData("""{"kind":"List","metadata":{"resourceVersion":"10"},"items":null}""")]
    [InlineData("""{"kind":"List","metadata":{"resourceVersion":"10"}}""")]
    public async Task A_list_without_items_is_empty(string body)
    {
        var script = new ScriptedCollection().List(context => context.Response.WriteAsync(body)).SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await followed.SyncedAsync();
        Assert.Equal(0, followed.Informer.Cache.Count);
    }

    [Fact]
    public async Task An_error_event_that_is_no_expiry_and_may_pass_does_not_cost_a_list()
    {
        var script = new ScriptedCollection().List("10", "", Item("a", 1))
            .Watch(Event("ERROR", """{"kind":"Status","code":500,"reason":"InternalError","message":"etcd"}""")).SilentWatch();
        await using var server = await script.StartAsync();
        await using var followed = Follow(server);
        await PassAsync(() => script.Watches.Count == 2);
        Assert.Single(script.Lists);
    }

    private static Task Gone(HttpContext context)
    {
        context.Response.StatusCode = 410;
        return context.Response.WriteAsync("""{"kind":"Status","status":"Failure","reason":"Expired","code":410,"message":"too old"}""");
    }

    private Followed Follow(ScriptedServer server) => new(server.Client(TimeProvider.System), new InformerOptions<JsonObject>(), time);

    private Task PassAsync(Func<bool> condition) => Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(200), condition);
}
