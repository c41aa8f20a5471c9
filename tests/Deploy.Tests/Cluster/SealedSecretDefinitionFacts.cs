using System.Net;
using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>What an API server does with SealedSecrets under our definition; the same on every server.</summary>
public abstract class SealedSecretDefinitionFacts(ITestCluster cluster)
{
    private const string Group = "/apis/bitnami.com/v1alpha1";

    [Theory]
    [InlineData("""{"encryptedData":{"a":"AgA="}}""")]
    [InlineData("""{"encryptedData":{}}""")]
    [InlineData("""{"encryptedData":{},"data":"AgA="}""")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{}}""")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{"metadata":null,"data":null}}""")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{"type":"Opaque","immutable":true,"data":{"b":"{{ .a }}"}}}""")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{"metadata":{"name":"x","creationTimestamp":null,"labels":{"l":"1"},"annotations":{"n":"2"},"finalizers":["f"]}}}""")]
    public async Task A_form_that_the_original_takes_is_taken(string spec)
    {
        var (code, body) = await CreateAsync(spec);
        Assert.True(code == HttpStatusCode.Created, body.ToJsonString());
    }

    [Theory]
    [InlineData("null", "spec")]
    [InlineData("{}", "encryptedData")]
    [InlineData("""{"encryptedData":{"a":1}}""", "encryptedData.a")]
    [InlineData("""{"encryptedData":["a"]}""", "encryptedData")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{"immutable":"yes"}}""", "template.immutable")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{"metadata":{"labels":{"l":1}}}}""", "template.metadata.labels")]
    [InlineData("""{"encryptedData":{"a":"AgA="},"template":{"data":{"b":2}}}""", "template.data")]
    public async Task A_form_that_the_original_refuses_is_refused_with_its_place(string spec, string place)
    {
        var (code, body) = await CreateAsync(spec);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Contains(place, (string?)body["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_of_the_template_is_kept_whole_and_unknown_fields_elsewhere_are_dropped()
    {
        var (_, body) = await CreateAsync("""{"encryptedData":{"a":"AgA="},"unknown":1,"template":{"unknown":1,"metadata":{"generateName":"g-"}}}""");
        Assert.Null(body["spec"]!["unknown"]);
        Assert.Null(body["spec"]!["template"]!["unknown"]);
        Assert.Equal("g-", (string?)body["spec"]!["template"]!["metadata"]!["generateName"]);
    }

    [Fact]
    public async Task Status_is_written_through_its_own_door_and_every_field_of_ours_survives()
    {
        using var client = new ClusterClient(cluster);
        var (_, created) = await CreateAsync("""{"encryptedData":{"a":"AgA="}}""");
        Assert.Equal("""{"observedGeneration":-1}""", created["status"]?.ToJsonString());

        var path = $"{Group}/namespaces/default/sealedsecrets/{created["metadata"]!["name"]}/status";
        var wanted = """{"observedGeneration":1,"conditions":[{"type":"Synced","status":"False","reason":"WrongKey","message":"no key could decrypt secret (a)","lastUpdateTime":"2026-01-02T03:04:05Z","lastTransitionTime":"2026-01-02T03:04:05Z"},{"type":"Ready","status":"False"}],"sealingKeys":["SHA256:x"],"observedHash":"h.s"}""";
        created["status"] = JsonNode.Parse(wanted);
        var (code, updated) = await client.SendAsync(HttpMethod.Put, path, created, "application/json", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wanted), updated["status"]), updated.ToJsonString());
        Assert.Equal(1, (long)updated["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task The_columns_are_name_status_synced_and_age()
    {
        using var client = new ClusterClient(cluster);
        var (_, created) = await CreateAsync("""{"encryptedData":{"a":"AgA="}}""");
        var name = (string)created["metadata"]!["name"]!;
        created["status"] = JsonNode.Parse("""{"conditions":[{"type":"Synced","status":"False","message":"no key could decrypt secret (a)"},{"type":"Ready","status":"False"}]}""");
        await client.SendAsync(HttpMethod.Put, $"{Group}/namespaces/default/sealedsecrets/{name}/status", created, "application/json", TestContext.Current.CancellationToken);

        var (_, table) = await client.GetAsync(
            $"{Group}/namespaces/default/sealedsecrets/{name}", "application/json;as=Table;v=v1;g=meta.k8s.io", TestContext.Current.CancellationToken);

        Assert.Equal(["Name", "Status", "Synced", "Age"], table["columnDefinitions"]!.AsArray().Select(column => (string?)column!["name"]));
        var cells = Assert.Single(table["rows"]!.AsArray())!["cells"]!.AsArray();
        Assert.Equal([name, "no key could decrypt secret (a)", "False"], cells.Take(3).Select(cell => (string?)cell));
    }

    [Fact]
    public async Task The_kind_has_no_short_names_and_no_categories()
    {
        using var client = new ClusterClient(cluster);
        var (_, list) = await client.GetAsync(Group, "application/json", TestContext.Current.CancellationToken);

        Assert.Equal(["sealedsecrets", "sealedsecrets/status"], list["resources"]!.AsArray().Select(resource => (string?)resource!["name"]).Order(StringComparer.Ordinal));
        var main = list["resources"]!.AsArray().Single(resource => (string?)resource!["name"] == "sealedsecrets")!;
        Assert.Equal(("sealedsecret", "SealedSecret", true), ((string?)main["singularName"], (string?)main["kind"], (bool)main["namespaced"]!));
        Assert.Null(main["shortNames"]);
        Assert.Null(main["categories"]);
    }

    private async Task<(HttpStatusCode Code, JsonNode Body)> CreateAsync(string spec)
    {
        using var client = new ClusterClient(cluster);
        var json = new JsonObject
        {
            ["apiVersion"] = "bitnami.com/v1alpha1",
            ["kind"] = "SealedSecret",
            ["metadata"] = new JsonObject { ["name"] = $"s-{Guid.NewGuid():N}", ["namespace"] = "default" },
        };
        if (spec != "null") json["spec"] = JsonNode.Parse(spec);
        await client.EnsureNamespaceAsync("default", TestContext.Current.CancellationToken);
        return await client.CreateAsync(new Manifest(json), TestContext.Current.CancellationToken);
    }
}
