using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>What an API server does with ExternalSecrets and their kin under our definitions; the same on every server.</summary>
public abstract partial class ExternalSecretDefinitionFacts(ITestCluster cluster)
{
    private const string Group = "/apis/external-secrets.io";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages() => [.. Repository.Files("docs/providers", "*.md").Append("docs/generators.md").Append("docs/pushsecret.md").Where(page => YamlBlock().IsMatch(Repository.Read(page)))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_a_page_shows_is_taken_as_it_is(string page)
    {
        using var client = new ClusterClient(cluster);
        foreach (var block in YamlBlock().Matches(Repository.Read(page)).Select(match => match.Groups[1].Value))
        {
            foreach (var wanted in YamlReader.ReadAll(block).Select(document => document.Root).OfType<JsonObject>().Where(json => json.ContainsKey("kind") && json.ContainsKey("metadata")))
            {
                var manifest = new Manifest(wanted);
                await client.EnsureNamespaceAsync(manifest.Namespace ?? "default", Stop);
                var (code, body) = await client.ApplyAsync(manifest, Stop);
                Assert.True((int)code is 200 or 201, $"{manifest}: {body.ToJsonString()}");
                Assert.True(JsonNode.DeepEquals(wanted["spec"], body["spec"]), $"{manifest}: {body.ToJsonString()}");
                // Another page shows another of the same name.
                await client.SendAsync(HttpMethod.Delete, await client.PathAsync(manifest, Stop), new JsonObject(), "application/json", Stop);
            }
        }
    }

    [Theory]
    [InlineData("external-secret")]
    [InlineData("external-secret-v1beta1")]
    [InlineData("secret-store")]
    [InlineData("cluster-external-secret")]
    [InlineData("push-secret")]
    [InlineData("generators")]
    public async Task Every_field_of_every_kind_is_kept(string file)
    {
        using var client = new ClusterClient(cluster);
        await client.EnsureNamespaceAsync("team-a", Stop);
        foreach (var document in YamlReader.ReadAll(Repository.Read($"tests/vectors/external-secrets/kinds/{file}.yaml")))
        {
            var wanted = Named(document.Root!.AsObject());
            var (code, body) = await client.CreateAsync(new Manifest(wanted), Stop);
            Assert.True(code == HttpStatusCode.Created, body.ToJsonString());
            Assert.True(JsonNode.DeepEquals(wanted["spec"], body["spec"]), body.ToJsonString());
            if (wanted["status"] is not { } status || wanted["kind"]!.GetValue<string>() == "GeneratorState") continue;

            Assert.Equal("""{"observedGeneration":-1}""", body["status"]?.ToJsonString());
            body["status"] = status.DeepClone();
            var (put, updated) = await client.SendAsync(HttpMethod.Put, await client.PathAsync(new Manifest(body.AsObject()), Stop) + "/status", body, "application/json", Stop);
            Assert.True(put == HttpStatusCode.OK, updated.ToJsonString());
            Assert.True(JsonNode.DeepEquals(status, updated["status"]), updated.ToJsonString());
        }
    }

    [Theory]
    [InlineData("v1", "v1beta1")]
    [InlineData("v1beta1", "v1")]
    public async Task What_is_written_in_one_version_is_read_in_the_other_without_a_difference(string written, string read)
    {
        using var client = new ClusterClient(cluster);
        await client.EnsureNamespaceAsync("team-a", Stop);
        foreach (var file in new[] { "external-secret", "secret-store", "cluster-external-secret" })
        {
            foreach (var document in YamlReader.ReadAll(Repository.Read($"tests/vectors/external-secrets/kinds/{file}.yaml")))
            {
                var wanted = Named(document.Root!.AsObject());
                wanted["apiVersion"] = $"external-secrets.io/{written}";
                var (code, created) = await client.CreateAsync(new Manifest(wanted), Stop);
                Assert.True(code == HttpStatusCode.Created, created.ToJsonString());

                wanted["apiVersion"] = $"external-secrets.io/{read}";
                var (_, body) = await client.GetAsync(await client.PathAsync(new Manifest(wanted), Stop), "application/json", Stop);
                Assert.Equal($"external-secrets.io/{read}", (string?)body["apiVersion"]);
                Assert.True(JsonNode.DeepEquals(wanted["spec"], body["spec"]), body.ToJsonString());
            }
        }
    }

    [Theory]
    [InlineData("ExternalSecret", """{"data":[{"secretKey":"a"}]}""", "remoteRef")]
    [InlineData("ExternalSecret", """{"data":[{"secretKey":"a/b","remoteRef":{"key":"k"}}]}""", "secretKey")]
    [InlineData("ExternalSecret", """{"target":{"creationPolicy":"Sometimes"}}""", "spec.target.creationPolicy")]
    [InlineData("ExternalSecret", """{"secretStoreRef":{"name":"Not_A_Name"}}""", "spec.secretStoreRef.name")]
    [InlineData("ExternalSecret", """{"dataFrom":[{"rewrite":[{}]}]}""", "rewrite")]
    [InlineData("ExternalSecret", """{"refreshInterval":3600}""", "spec.refreshInterval")]
    [InlineData("ExternalSecret", """{"syncWindows":{"kind":"allow","windows":[]}}""", "spec.syncWindows.windows")]
    [InlineData("SecretStore", """{}""", "spec.provider")]
    [InlineData("SecretStore", """{"provider":{}}""", "spec.provider")]
    [InlineData("SecretStore", """{"provider":{"fake":{"data":[]},"webhook":{"url":"x"}}}""", "spec.provider")]
    [InlineData("SecretStore", """{"provider":{"aws":{"service":"S3","region":"eu"}}}""", "spec.provider.aws.service")]
    [InlineData("SecretStore", """{"provider":{"fake":{"data":[]}},"refreshInterval":true}""", "spec.refreshInterval")]
    [InlineData("PushSecret", """{"secretStoreRefs":[],"selector":{}}""", "spec.selector")]
    public async Task A_form_that_the_original_refuses_is_refused_with_its_place(string kind, string spec, string place)
    {
        var (code, body) = await CreateAsync(kind, spec);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Contains(place, (string?)body["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SecretStore", """{"provider":{"fake":{"data":[]}},"refreshInterval":300}""")]
    [InlineData("SecretStore", """{"provider":{"fake":{"data":[]}},"refreshInterval":"5m"}""")]
    [InlineData("SecretStore", """{"provider":{"vault":{"server":"https://vault","auth":{"appRole":{"secretRef":{"name":"s","key":"k"},"roleId":"r"},"kubernetes":{"role":"r"}}}}}""")]
    [InlineData("SecretStore", """{"provider":{"onboardbase":{"auth":{"apiKeyRef":{},"passcodeRef":{}}}}}""")]
    [InlineData("SecretStore", """{"provider":{"onepassword":{"connectHost":"h","vaults":{"a":1},"auth":{"secretRef":{"connectTokenSecretRef":{"name":"s","key":"k"}}}}}}""")]
    [InlineData("SecretStore", """{"provider":{"yandexlockbox":{"auth":{},"fetching":{"byID":{}}}}}""")]
    [InlineData("ExternalSecret", """{}""")]
    public async Task A_form_that_the_original_completes_with_defaults_is_taken_and_stays_as_it_is(string kind, string spec)
    {
        var (code, body) = await CreateAsync(kind, spec);
        Assert.True(code == HttpStatusCode.Created, body.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(spec), body["spec"]), body.ToJsonString());
    }

    [Fact]
    public async Task The_columns_are_those_of_the_original()
    {
        using var client = new ClusterClient(cluster);
        var (_, created) = await CreateAsync("ExternalSecret", """{"secretStoreRef":{"name":"vault","kind":"SecretStore"},"refreshInterval":"1h"}""");
        var path = $"{Group}/v1/namespaces/default/externalsecrets/{created["metadata"]!["name"]}";
        created["status"] = JsonNode.Parse("""{"conditions":[{"type":"Reconciling","status":"False"},{"type":"Ready","status":"True","reason":"SecretSynced"}]}""");
        await client.SendAsync(HttpMethod.Put, path + "/status", created, "application/json", Stop);

        var (_, table) = await client.GetAsync(path, "application/json;as=Table;v=v1;g=meta.k8s.io", Stop);

        Assert.Equal(["Name", "StoreType", "Store", "Refresh Interval", "Status", "Ready", "Last Sync"], table["columnDefinitions"]!.AsArray().Select(column => (string?)column!["name"]));
        var cells = Assert.Single(table["rows"]!.AsArray())!["cells"]!.AsArray();
        Assert.Equal(["SecretStore", "vault", "1h", "SecretSynced", "True"], cells.Skip(1).Take(5).Select(cell => (string?)cell));
    }

    [Fact]
    public async Task Short_names_and_categories_are_those_of_the_original()
    {
        using var client = new ClusterClient(cluster);
        var (_, list) = await client.GetAsync($"{Group}/v1beta1", "application/json", Stop);
        var main = Assert.Single(list["resources"]!.AsArray(), resource => (string?)resource!["name"] == "externalsecrets")!;
        Assert.Equal(["es"], main["shortNames"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(["external-secrets"], main["categories"]!.AsArray().Select(name => (string?)name));
    }

    private async Task<(HttpStatusCode Code, JsonNode Body)> CreateAsync(string kind, string spec)
    {
        using var client = new ClusterClient(cluster);
        await client.EnsureNamespaceAsync("default", Stop);
        return await client.CreateAsync(new Manifest(Named(new JsonObject
        {
            ["apiVersion"] = kind == "PushSecret" ? "external-secrets.io/v1alpha1" : "external-secrets.io/v1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["namespace"] = "default" },
            ["spec"] = JsonNode.Parse(spec),
        })), Stop);
    }

    private static JsonObject Named(JsonObject json)
    {
        json = json.DeepClone().AsObject();
        json["metadata"]!["name"] = $"x-{Guid.NewGuid():N}";
        return json;
    }

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();
}
