using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class ApplyFacts(SharedClusters clusters)
{
    private static string Config(string data, string metadata = "") =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"{{{metadata}}}},"data":{{{data}}}}""";

    private static string Owned(ApiAnswer answer, string manager) =>
        answer.Body["metadata"]!["managedFields"]!.AsArray().Single(entry => entry!["manager"]!.GetValue<string>() == manager)!["fieldsV1"]!.ToJsonString();

    [Theory, OnEachCluster]
    public async Task Applying_makes_what_is_not_there(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1"}"""));
        Assert.Equal(201, made.Code);
        var entry = Assert.Single(made.Body["metadata"]!["managedFields"]!.AsArray())!;
        Assert.Equal(("m1", "Apply", "v1"), (entry["manager"]!.GetValue<string>(), entry["operation"]!.GetValue<string>(), entry["apiVersion"]!.GetValue<string>()));
        Assert.Equal("""{"f:data":{"f:x":{}}}""", entry["fieldsV1"]!.ToJsonString());
    }

    [Theory, OnEachCluster]
    public async Task Applying_the_same_again_changes_nothing(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1"}"""));
        var again = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1"}"""));
        Assert.Equal((200, made.Version), (again.Code, again.Version));
    }

    [Theory, OnEachCluster]
    public async Task What_is_not_applied_any_more_goes(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1","y":"2"}"""));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"y":"2"}"""));
        Assert.Equal("""{"y":"2"}""", answer.Body["data"]!.ToJsonString());
    }

    [Theory, OnEachCluster]
    public async Task What_others_own_stays(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1","y":"2"}"""));
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m2", Config("""{"x":"1","z":"3"}"""));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"y":"2"}"""));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"x":"1","y":"2","z":"3"}"""), answer.Body["data"]));
        Assert.Equal("""{"f:data":{"f:x":{},"f:z":{}}}""", Owned(answer, "m2"));
    }

    [Theory, OnEachCluster]
    public async Task Anothers_field_is_a_conflict_with_its_cause(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1"}"""));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m2", Config("""{"x":"2"}"""));
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"m1\": .data.x", answer.Message);
        var cause = Assert.Single(answer.Body["details"]!["causes"]!.AsArray())!;
        Assert.Equal(("FieldManagerConflict", "conflict with \"m1\"", ".data.x"), (cause["reason"]!.GetValue<string>(), cause["message"]!.GetValue<string>(), cause["field"]!.GetValue<string>()));
    }

    [Theory, OnEachCluster]
    public async Task Several_conflicts_are_all_named(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1","y":"1"}"""));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m2", Config("""{"x":"2","y":"2"}"""));
        Assert.Equal("Apply failed with 2 conflicts: conflicts with \"m1\":\n- .data.x\n- .data.y", answer.Message);
    }

    [Theory, OnEachCluster]
    public async Task Force_takes_the_field_over(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1","y":"1"}"""));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m2", Config("""{"x":"2"}"""), force: true);
        Assert.Equal("2", answer.Body["data"]!["x"]!.GetValue<string>());
        Assert.Equal("""{"f:data":{"f:y":{}}}""", Owned(answer, "m1"));
        Assert.Equal("""{"f:data":{"f:x":{}}}""", Owned(answer, "m2"));
    }

    /// <summary>As kubectl does it before it applies on the server what it applied itself before: the entry of the update names the map, too.</summary>
    [Theory, OnEachCluster]
    public async Task An_update_that_is_made_an_apply_is_applied_again(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        var entry = Assert.Single(made.Body["metadata"]!["managedFields"]!.AsArray())!.DeepClone().AsObject();
        (entry["manager"], entry["operation"]) = ("m1", "Apply");
        var moved = await home.Api.PatchAsync(home.ConfigMaps + "/a", $$"""[{"op":"replace","path":"/metadata/managedFields","value":[{{entry.ToJsonString()}}]}]""", ApiClient.JsonPatch);
        Assert.Equal(200, moved.Code);
        var applied = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"a":"1","x":"2"}"""));
        Assert.Equal((200, """{"a":"1","x":"2"}"""), (applied.Code, applied.Body["data"]!.ToJsonString()));
        var less = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"2"}"""));
        Assert.Equal("""{"x":"2"}""", less.Body["data"]!.ToJsonString());
    }

    [Theory, OnEachCluster]
    public async Task An_update_takes_what_it_changes(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1","y":"1"}"""));
        var patched = await home.Api.PatchAsync(home.ConfigMaps + "/a?fieldManager=editor", """{"data":{"x":"2"}}""");
        Assert.Equal("""{"f:data":{"f:y":{}}}""", Owned(patched, "m1"));
        Assert.Equal("""{"f:data":{"f:x":{}}}""", Owned(patched, "editor"));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1","y":"1"}"""));
        Assert.StartsWith("Apply failed with 1 conflict: conflict with \"editor\" using v1", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task The_writer_is_named_by_its_user_agent_unless_it_says_so(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        var entry = Assert.Single(made.Body["metadata"]!["managedFields"]!.AsArray())!;
        Assert.Equal(("conformance", "Update"), (entry["manager"]!.GetValue<string>(), entry["operation"]!.GetValue<string>()));
        Assert.Equal("""{"f:data":{".":{},"f:a":{}}}""", entry["fieldsV1"]!.ToJsonString());
    }

    [Theory, OnEachCluster]
    public async Task Finalizers_and_owners_are_lists_of_single_owners(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var owner = await home.CreateConfigMapAsync("owner");
        var reference = $$$""","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{{owner.Uid}}}"}]""";
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1"}""", ""","finalizers":["x.io/a"]"""));
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m2", Config("""{"x":"1"}""", ""","finalizers":["x.io/b"]""" + reference));
        Assert.True(answer.Code == 200, answer.Message);
        Assert.Equal(["x.io/a", "x.io/b"], answer.Body["metadata"]!["finalizers"]!.AsArray().Select(name => name!.GetValue<string>()).Order());
        Assert.Contains("k:{\"uid\":\"" + owner.Uid + "\"}", Owned(answer, "m2").Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", Config("""{"x":"1"}"""));
        Assert.Equal("""["x.io/b"]""", answer.Body["metadata"]!["finalizers"]!.ToJsonString());
        await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m2", Config("""{"x":"1"}"""));
    }

    [Theory, OnEachCluster]
    public async Task Applying_needs_a_manager(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PatchAsync(home.ConfigMaps + "/a", Config("{}"), ApiClient.Apply);
        Assert.Contains("fieldManager", answer.Message, StringComparison.Ordinal);
        Assert.InRange(answer.Code, 400, 422);
    }

    [Theory, OnEachCluster]
    public async Task A_configuration_may_be_YAML(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.ApplyAsync(home.ConfigMaps + "/a", "m1", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: 'yes'\n");
        Assert.Equal((201, "yes"), (answer.Code, answer.Body["data"]?["x"]?.GetValue<string>()));
    }

    [Theory, OnEachCluster]
    public async Task A_keyed_list_is_owned_item_by_item(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        static string Service(string ports) => $$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{{{ports}}}]}}""";
        const string Http = """{"name":"http","port":80,"protocol":"TCP"}""";
        const string Metrics = """{"name":"metrics","port":81,"protocol":"TCP"}""";
        await home.Api.ApplyAsync(home.Path("services") + "/s", "m1", Service(Http));
        var both = await home.Api.ApplyAsync(home.Path("services") + "/s", "m2", Service(Metrics));
        Assert.Equal(2, both.Body["spec"]!["ports"]!.AsArray().Count);
        var one = await home.Api.ApplyAsync(home.Path("services") + "/s", "m1", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{}}""");
        Assert.Equal("metrics", Assert.Single(one.Body["spec"]!["ports"]!.AsArray())!["name"]!.GetValue<string>());
    }
}
