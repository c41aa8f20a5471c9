using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class PatchFacts(SharedClusters clusters)
{
    private const string TwoContainers =
        """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"one","image":"i1","env":[{"name":"A","value":"1"}]},{"name":"two","image":"i2"}]}}""";

    [Theory, OnEachCluster]
    public async Task A_merge_patch_sets_and_removes(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        var answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"a":null,"b":"2"}}""");
        Assert.Equal("""{"b":"2"}""", answer.Body["data"]!.ToJsonString());
    }

    [Theory, OnEachCluster]
    public async Task A_JSON_patch_runs_its_operations_in_order(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        const string Patch = """
            [{"op":"test","path":"/data/a","value":"1"},{"op":"add","path":"/data/x~1y","value":"2"},{"op":"copy","from":"/data/a","path":"/data/c"},
             {"op":"move","from":"/data/c","path":"/data/d"},{"op":"replace","path":"/data/a","value":"3"}]
            """;
        var answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", Patch, ApiClient.JsonPatch);

        // A slash is no letter of an item's name, so the whole patch is refused; without it, it holds.
        Assert.Equal(422, answer.Code);
        answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", Patch.Replace("x~1y", "xy", StringComparison.Ordinal), ApiClient.JsonPatch);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":"3","d":"1","xy":"2"}"""), answer.Body["data"]));
    }

    [Theory, OnEachCluster]
    public async Task A_JSON_patch_that_does_not_hold_changes_nothing(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        var test = await home.Api.PatchAsync(home.ConfigMaps + "/a", """[{"op":"replace","path":"/data/a","value":"9"},{"op":"test","path":"/data/a","value":"1"}]""", ApiClient.JsonPatch);
        Assert.Equal(422, test.Code);
        Assert.Equal(422, (await home.Api.PatchAsync(home.ConfigMaps + "/a", """[{"op":"remove","path":"/data/none"}]""", ApiClient.JsonPatch)).Code);
        Assert.Equal(made.Version, (await home.Api.GetAsync(home.ConfigMaps + "/a")).Version);
    }

    [Theory, OnEachCluster]
    public async Task A_strategic_patch_merges_list_items_by_their_key(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        Assert.Equal(201, (await home.Api.PostAsync(home.Path("podtemplates"), $$$"""{"metadata":{"name":"t"},"template":{{{TwoContainers}}}}""")).Code);
        const string Patch = """{"template":{"spec":{"containers":[{"name":"two","image":"i3"},{"name":"three","image":"i4"}]}}}""";
        var answer = await home.Api.PatchAsync(home.Path("podtemplates") + "/t", Patch, ApiClient.Strategic);
        var containers = answer.Body["template"]!["spec"]!["containers"]!.AsArray();
        var images = containers.ToDictionary(one => one!["name"]!.GetValue<string>(), one => one!["image"]!.GetValue<string>());
        Assert.Equal(("i1", "i3", "i4"), (images["one"], images["two"], images["three"]));
    }

    [Theory, OnEachCluster]
    public async Task A_strategic_patch_deletes_an_item_by_directive(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.PostAsync(home.Path("podtemplates"), $$$"""{"metadata":{"name":"t"},"template":{{{TwoContainers}}}}""");
        const string Patch = """{"template":{"spec":{"containers":[{"name":"one","$patch":"delete"}]}}}""";
        var answer = await home.Api.PatchAsync(home.Path("podtemplates") + "/t", Patch, ApiClient.Strategic);
        Assert.Equal("two", Assert.Single(answer.Body["template"]!["spec"]!["containers"]!.AsArray())!["name"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task A_strategic_patch_takes_single_finalizers_away(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a", ""","finalizers":["x.io/a","x.io/b"]""");
        var answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["x.io/a"]}}""", ApiClient.Strategic);
        Assert.Equal("""["x.io/b"]""", answer.Body["metadata"]!["finalizers"]!.ToJsonString());
        await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"metadata":{"finalizers":null}}""");
    }

    [Theory, OnEachCluster]
    public async Task A_patch_may_carry_the_version_it_is_meant_for(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"b":"1"}}""");
        var answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", $$$"""{"metadata":{"resourceVersion":"{{{made.Version}}}"},"data":{"b":"2"}}""");
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
    }

    [Theory, OnEachCluster]
    public async Task A_patch_of_a_missing_object_is_a_404(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        Assert.Equal(404, (await home.Api.PatchAsync(home.ConfigMaps + "/a", "{}")).Code);
    }

    [Theory, OnEachCluster]
    public async Task Another_kind_of_patch_is_a_415(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        Assert.Equal(415, (await home.Api.PatchAsync(home.ConfigMaps + "/a", "{}", "application/foo")).Code);
    }
}
