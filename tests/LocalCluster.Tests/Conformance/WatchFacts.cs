using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class WatchFacts(SharedClusters clusters)
{
    private const string OnlyMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    [Theory, OnEachCluster]
    public async Task A_watch_from_a_version_brings_every_later_change_in_order(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var start = (await home.Api.GetAsync(home.Secrets)).Version;
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"}}""");
        await home.Api.PatchAsync(home.Secrets + "/a", """{"stringData":{"x":"1"}}""");
        using var watch = await WatchReader.OpenAsync(home.Api, $"{home.Secrets}?resourceVersion={start}&fieldSelector=metadata.name%3Da");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Assert.Equal("MODIFIED a", await watch.NextNameAsync());
        await home.Api.DeleteAsync(home.Secrets + "/a");
        var last = (await watch.NextAsync())!;
        Assert.Equal("DELETED", last["type"]!.GetValue<string>());
        Assert.NotNull(last["object"]!["metadata"]!["resourceVersion"]);
        Assert.Equal("Secret", last["object"]!["kind"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task A_watch_without_a_version_begins_with_what_there_is(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"type":"my/type"}""");
        using var watch = await WatchReader.OpenAsync(home.Api, home.Secrets + "?fieldSelector=type%3Dmy%2Ftype");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Theory, OnEachCluster]
    public async Task An_object_that_leaves_the_selection_is_reported_deleted_and_added_when_it_returns(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a", ""","labels":{"in":"yes"}""");
        using var watch = await WatchReader.OpenAsync(home.Api, $"{home.ConfigMaps}?labelSelector=in%3Dyes&resourceVersion={made.Version}");
        var left = await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"labels":{"in":"no"}}}""");
        var gone = (await watch.NextAsync())!;
        Assert.Equal("DELETED", gone["type"]!.GetValue<string>());
        Assert.Equal(left.Version, gone["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>());
        await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"labels":{"in":"yes"}}}""");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
    }

    [Theory, OnEachCluster]
    public async Task A_watch_ends_after_its_timeout(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var version = (await home.Api.GetAsync(home.Secrets)).Version;
        using var watch = await WatchReader.OpenAsync(home.Api, $"{home.Secrets}?resourceVersion={version}&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone");
        Assert.Equal(200, watch.Code);
        Assert.Empty(await watch.RestAsync());
    }

    [Theory, OnEachCluster]
    public async Task Bookmarks_carry_a_version_to_go_on_from(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        var bookmark = await FirstBookmarkAsync(home, made.Version);
        Assert.Equal("ConfigMap", bookmark["kind"]!.GetValue<string>());
        Assert.True(long.Parse(bookmark["metadata"]!["resourceVersion"]!.GetValue<string>()) >= long.Parse(made.Version));
    }

    // A server owes no bookmark to any one watch: kube-apiserver sends it two seconds before the watch's end, if it comes to it by then.
    private static async Task<JsonNode> FirstBookmarkAsync(TestHome home, string version)
    {
        for (var watches = 0; watches < 20; watches++)
        {
            using var watch = await WatchReader.OpenAsync(home.Api, $"{home.ConfigMaps}?resourceVersion={version}&allowWatchBookmarks=true&timeoutSeconds=4");
            if ((await watch.RestAsync()).LastOrDefault(next => next["type"]!.GetValue<string>() == "BOOKMARK") is { } bookmark)
                return bookmark["object"]!;
        }
        throw new InvalidOperationException("Twenty watches ended, and none brought a bookmark.");
    }

    [Theory, OnEachCluster]
    public async Task A_watch_can_bring_metadata_only(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"type":"my/type","stringData":{"x":"1"}}""");
        using var watch = await WatchReader.OpenAsync(home.Api, home.Secrets + "?fieldSelector=type%3Dmy%2Ftype", OnlyMetadata);
        var first = (await watch.NextAsync())!["object"]!.AsObject();
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1"), (first["kind"]!.GetValue<string>(), first["apiVersion"]!.GetValue<string>()));
        Assert.Equal("a", first["metadata"]!["name"]!.GetValue<string>());
        Assert.False(first.ContainsKey("data"));
    }

    [Theory, OnEachCluster]
    public async Task One_object_can_be_watched(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        var version = (await home.CreateConfigMapAsync("b")).Version;
        using var watch = await WatchReader.OpenAsync(home.Api, $"{home.ConfigMaps}?fieldSelector=metadata.name%3Db&resourceVersion={version}");
        await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"x":"1"}}""");
        await home.Api.PatchAsync(home.ConfigMaps + "/b", """{"data":{"x":"1"}}""");
        Assert.Equal("MODIFIED b", await watch.NextNameAsync());
    }

    [Theory, OnEachCluster]
    public async Task A_list_can_bring_metadata_only(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"type":"my/type"}""");
        var list = await home.Api.GetAsync(home.Secrets + "?fieldSelector=type%3Dmy%2Ftype", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        Assert.Equal("PartialObjectMetadataList", list.Text("kind"));
        Assert.False(Assert.Single(list.Items).ContainsKey("type"));
    }

    [Theory, OnEachCluster]
    public async Task A_list_can_come_as_a_table(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"a"},"type":"my/type","stringData":{"x":"1","y":"2"}}""");
        var table = await home.Api.GetAsync(home.Secrets + "?fieldSelector=type%3Dmy%2Ftype", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        Assert.Equal("Table", table.Text("kind"));
        Assert.Equal(["Name", "Type", "Data", "Age"], table.Body["columnDefinitions"]!.AsArray().Select(column => column!["name"]!.GetValue<string>()));
        var row = Assert.Single(table.Body["rows"]!.AsArray())!;
        Assert.Equal(["a", "my/type", "2"], row["cells"]!.AsArray().Take(3).Select(cell => cell!.ToString()));
        Assert.Equal("PartialObjectMetadata", row["object"]!["kind"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals("a", row["object"]!["metadata"]!["name"]));
    }
}
