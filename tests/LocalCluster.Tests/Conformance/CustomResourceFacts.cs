using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class CustomResourceFacts(SharedClusters clusters)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private const string Spec = """
        {"type":"object","required":["size"],"properties":{
          "size":{"type":"integer","minimum":1,"maximum":100},"mode":{"type":"string","default":"auto","enum":["auto","manual"]},
          "name":{"type":"string","pattern":"^[a-z]+$","maxLength":5},"free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
          "port":{"x-kubernetes-int-or-string":true},"labels":{"type":"object","additionalProperties":{"type":"string"}},
          "note":{"type":"string","nullable":true},"tone":{"type":"string","nullable":true,"allOf":[{"enum":["low","high"]}]},"pitch":{"type":"string","nullable":true,"enum":["low"]},
          "rules":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
            "items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"value":{"type":"string"}}}}}}
        """;

    /// <summary>A home with a definition of its own, since definitions belong to the whole cluster.</summary>
    private async Task<(TestHome Home, string Widgets, string Group)> HomeAsync(ClusterKind kind, string spec = Spec)
    {
        var home = await TestHome.MakeAsync(clusters, kind);
        var group = RandomNumberGenerator.GetString("abcdefghij", 8) + ".example.com";
        var definition = $$$"""
            {"metadata":{"name":"widgets.{{{group}}}"},"spec":{"group":"{{{group}}}","scope":"Namespaced",
             "names":{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList","shortNames":["wd"],"categories":["all"]},
             "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
               "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},{"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"}],
               "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{"spec":{{{spec}}},
                 "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } } } },
              {"name":"v1beta1","served":true,"storage":false,"subresources":{"status":{}},
               "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }]}}
            """;
        var made = await home.Api.PostAsync(Definitions, definition);
        Assert.Equal(201, made.Code);
        var widgets = home.Path(group + "/v1", "widgets");
        await TestHome.UntilAsync(() => home.Api.GetAsync($"{Definitions}/widgets.{group}"), Established);
        await TestHome.UntilAsync(() => home.Api.GetAsync(widgets), found => found.Code == 200);
        return (home, widgets, group);
    }

    private static bool Established(ApiAnswer found) => (found.Body["status"]?["conditions"] as JsonArray ?? [])
        .Any(condition => condition!["type"]!.GetValue<string>() == "Established" && condition["status"]!.GetValue<string>() == "True");

    private static string Widget(string group, string spec, string extra = "", string version = "v1") =>
        $$$"""{"apiVersion":"{{{group}}}/{{{version}}}","kind":"Widget","metadata":{"name":"w"},"spec":{{{spec}}}{{{extra}}}}""";

    private static async Task CleanAsync(TestHome home, string group) => await home.Api.DeleteAsync($"{Definitions}/widgets.{group}");

    [Theory, OnEachCluster]
    public async Task Defaults_are_filled_in_and_unknown_fields_dropped(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        var made = await home.Api.PostAsync(widgets, Widget(group, """{"size":1,"other":true,"free":{"a":{"b":1}},"labels":{"k":"v"}}"""));
        Assert.Equal(201, made.Code);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"size":1,"mode":"auto","free":{"a":{"b":1}},"labels":{"k":"v"}}"""), made.Body["spec"]));
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task Broken_rules_are_a_422_in_the_servers_words(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        async Task<string> RefusedAsync(string spec)
        {
            var answer = await home.Api.PostAsync(widgets, Widget(group, spec));
            Assert.Equal((422, "Invalid"), (answer.Code, answer.Reason));
            return answer.Message.Replace($"Widget.{group} \"w\" is invalid: ", "", StringComparison.Ordinal);
        }

        Assert.Equal("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1", await RefusedAsync("""{"size":0}"""));
        Assert.Equal("spec.size: Required value", await RefusedAsync("{}"));
        Assert.Equal("""spec.mode: Unsupported value: "x": supported values: "auto", "manual" """.Trim(), await RefusedAsync("""{"size":1,"mode":"x"}"""));
        Assert.Contains("spec.size in body must be of type integer: \"string\"", await RefusedAsync("""{"size":"big"}"""), StringComparison.Ordinal);
        Assert.Equal("spec.name: Invalid value: \"A\": spec.name in body should match '^[a-z]+$'", await RefusedAsync("""{"size":1,"name":"A"}"""));
        Assert.Equal("""[spec.tone: Unsupported value: "x": supported values: "low", "high", <nil>: Invalid value: "": "spec.tone" must validate all the schemas (allOf). None validated]""", await RefusedAsync("""{"size":1,"tone":"x"}"""));
        Assert.Contains("""spec.rules[1]: Duplicate value: """, await RefusedAsync("""{"size":1,"rules":[{"id":"a"},{"id":"a"}]}"""), StringComparison.Ordinal);
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task Null_is_kept_where_it_is_allowed_and_a_number_or_text_where_both_are(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        var made = await home.Api.PostAsync(widgets, Widget(group, """{"size":1,"note":null,"port":8080}"""));
        Assert.Equal(201, made.Code);
        Assert.True(made.Body["spec"]!.AsObject().ContainsKey("note"));
        Assert.Equal(200, (await home.Api.PatchAsync(widgets + "/w", """{"spec":{"port":"http"}}""")).Code);
        Assert.Equal(422, (await home.Api.PatchAsync(widgets + "/w", """{"spec":{"port":true}}""")).Code);

        // A list of values counts for null as well, but not one that all of which is demanded.
        Assert.Equal(201, (await home.Api.PostAsync(widgets, Widget(group, """{"size":1,"tone":null}""").Replace("\"w\"", "\"x\"", StringComparison.Ordinal))).Code);
        Assert.Equal(422, (await home.Api.PostAsync(widgets, Widget(group, """{"size":1,"pitch":null}""").Replace("\"w\"", "\"y\"", StringComparison.Ordinal))).Code);
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task Status_has_a_door_of_its_own(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        var made = await home.Api.PostAsync(widgets, Widget(group, """{"size":1}""", ""","status":{"phase":"x"}"""));
        Assert.Null(made.Body["status"]);
        var status = await home.Api.PatchAsync(widgets + "/w/status", """{"spec":{"size":9},"status":{"phase":"Ready"}}""");
        Assert.Equal("Ready", status.Body["status"]!["phase"]!.GetValue<string>());
        Assert.Equal(1, status.Body["spec"]!["size"]!.GetValue<int>());
        Assert.Equal(1, status.Body["metadata"]!["generation"]!.GetValue<int>());
        var spec = await home.Api.PatchAsync(widgets + "/w", """{"spec":{"size":2},"status":{"phase":"Lost"}}""");
        Assert.Equal("Ready", spec.Body["status"]!["phase"]!.GetValue<string>());
        Assert.Equal(2, spec.Body["metadata"]!["generation"]!.GetValue<int>());
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task An_update_needs_a_version(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        await home.Api.PostAsync(widgets, Widget(group, """{"size":1}"""));
        var answer = await home.Api.PutAsync(widgets + "/w", JsonNode.Parse(Widget(group, """{"size":2}"""))!);
        Assert.Equal(422, answer.Code);
        // 0x0, and from some version on 0.
        Assert.Matches("metadata.resourceVersion: Invalid value: 0(x0)?: must be specified for an update$", answer.Message);
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task Both_versions_show_the_same_object(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        var made = await home.Api.PostAsync(home.Path(group + "/v1beta1", "widgets"), Widget(group, """{"size":1}""", version: "v1beta1"));
        Assert.Equal(201, made.Code);
        var read = await home.Api.GetAsync(widgets + "/w");
        Assert.Equal(made.Uid, read.Uid);
        Assert.Equal($"{group}/v1", read.Text("apiVersion"));
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task Items_of_a_keyed_list_are_applied_one_by_one(ClusterKind kind)
    {
        // Before 1.21 a definition with an int-or-string field loses its list types when applied.
        var spec = Spec.Replace("\"port\":{\"x-kubernetes-int-or-string\":true},", "", StringComparison.Ordinal);
        var (home, widgets, group) = await HomeAsync(kind, spec);
        await using var _ = home;
        await home.Api.ApplyAsync(widgets + "/w", "m1", Widget(group, """{"size":1,"rules":[{"id":"a","value":"1"}]}"""));
        var both = await home.Api.ApplyAsync(widgets + "/w", "m2", Widget(group, """{"size":1,"rules":[{"id":"b","value":"2"}]}"""));
        Assert.Equal((200, ""), (both.Code, both.Message));
        Assert.Equal(2, both.Body["spec"]!["rules"]!.AsArray().Count);
        var conflict = await home.Api.ApplyAsync(widgets + "/w", "m2", Widget(group, """{"size":1,"rules":[{"id":"a","value":"9"}]}"""));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"m1\": .spec.rules[id=\"a\"].value", conflict.Message);
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task Strategic_patches_are_not_for_custom_resources(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        await home.Api.PostAsync(widgets, Widget(group, """{"size":1}"""));
        Assert.Equal(415, (await home.Api.PatchAsync(widgets + "/w", "{}", ApiClient.Strategic)).Code);
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task A_table_has_the_definitions_columns(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        await home.Api.PostAsync(widgets, Widget(group, """{"size":7}"""));
        await home.Api.PatchAsync(widgets + "/w/status", """{"status":{"conditions":[{"type":"Other","status":"x"},{"type":"Ready","status":"True"}]}}""");
        var table = await home.Api.GetAsync(widgets, "application/json;as=Table;v=v1;g=meta.k8s.io");
        Assert.Equal(["w", "7", "True"], table.Body["rows"]![0]!["cells"]!.AsArray().Select(cell => cell!.ToString()));
        await CleanAsync(home, group);
    }

    [Theory, OnEachCluster]
    public async Task A_definition_takes_its_objects_along(ClusterKind kind)
    {
        var (home, widgets, group) = await HomeAsync(kind);
        await using var _ = home;
        await home.Api.PostAsync(widgets, Widget(group, """{"size":1}"""));
        await CleanAsync(home, group);
        await home.WaitGoneAsync($"{Definitions}/widgets.{group}");
        await TestHome.UntilAsync(() => home.Api.GetAsync(widgets), found => found.Code == 404);
    }

    [Theory, OnEachCluster]
    public async Task A_definition_must_be_named_for_its_resource(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(Definitions, """
            {"metadata":{"name":"wrong.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """);
        Assert.Equal(422, answer.Code);
        Assert.Contains("metadata.name: Invalid value: \"wrong.example.com\": must be spec.names.plural+\".\"+spec.group", answer.Message, StringComparison.Ordinal);
    }
}
