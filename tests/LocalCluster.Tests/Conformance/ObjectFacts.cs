using System.Text.Json.Nodes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.LocalCluster.Tests.Conformance;

public sealed class ObjectFacts(SharedClusters clusters)
{
    private const string NameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    [Theory, OnEachCluster]
    public async Task A_created_object_gets_uid_version_and_creation_time(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        Assert.NotEmpty(made.Uid);
        Assert.NotEmpty(made.Version);
        Assert.NotEmpty(made.Metadata("creationTimestamp"));
        Assert.Equal(home.Namespace, made.Metadata("namespace"));
        var read = await home.Api.GetAsync(home.ConfigMaps + "/a");
        Assert.True(JsonNode.DeepEquals(made.Body, read.Body));
    }

    [Theory, OnEachCluster]
    public async Task A_missing_object_is_a_404_Status_with_its_name(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.GetAsync(home.Secrets + "/nope");
        Assert.Equal(404, answer.Code);
        Assert.Equal("Status", answer.Text("kind"));
        Assert.Equal("secrets \"nope\" not found", answer.Message);
        Assert.Equal("NotFound", answer.Reason);
        Assert.Equal("nope", answer.Body["details"]!["name"]!.GetValue<string>());
        Assert.Equal("secrets", answer.Body["details"]!["kind"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task Creating_twice_is_a_409_AlreadyExists(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        var again = await home.Api.PostAsync(home.ConfigMaps, """{"metadata":{"name":"a"}}""");
        Assert.Equal((409, "AlreadyExists", "configmaps \"a\" already exists"), (again.Code, again.Reason, again.Message));
    }

    [Theory, OnEachCluster]
    public async Task Creating_in_a_missing_namespace_is_a_404_of_the_namespace(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync("/api/v1/namespaces/no-such/secrets", """{"metadata":{"name":"a"}}""");
        Assert.Equal((404, "namespaces \"no-such\" not found"), (answer.Code, answer.Message));
    }

    [Theory, OnEachCluster]
    public async Task A_generated_name_starts_with_its_prefix(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var first = await home.Api.PostAsync(home.ConfigMaps, """{"metadata":{"generateName":"gen-"}}""");
        var second = await home.Api.PostAsync(home.ConfigMaps, """{"metadata":{"generateName":"gen-"}}""");
        Assert.Matches("^gen-[a-z0-9]{5}$", first.Name);
        Assert.NotEqual(first.Name, second.Name);
    }

    [Theory, OnEachCluster]
    public async Task A_name_is_required(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.ConfigMaps, "{}");
        Assert.Equal(422, answer.Code);
        Assert.Equal("ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required", answer.Message);
        Assert.Equal("FieldValueRequired", answer.Body["details"]!["causes"]![0]!["reason"]!.GetValue<string>());
    }

    [Theory, OnEachCluster]
    public async Task An_update_with_an_old_version_is_a_409_Conflict(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        Assert.Equal(200, (await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"b":"2"}}""")).Code);
        var answer = await home.Api.PutAsync(home.ConfigMaps + "/a", made.Body);
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
        Assert.Equal("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again", answer.Message);
    }

    [Theory, OnEachCluster]
    public async Task An_update_of_another_uid_is_a_409_Conflict(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        var answer = await home.Api.PutAsync(home.ConfigMaps + "/a", JsonNode.Parse("""{"metadata":{"name":"a","uid":"other"}}""")!);
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
        Assert.Contains("Precondition failed: UID in precondition: other", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task An_update_without_a_change_keeps_the_version(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var made = await home.CreateConfigMapAsync("a");
        var same = await home.Api.PutAsync(home.ConfigMaps + "/a", made.Body.DeepClone());
        Assert.Equal((200, made.Version), (same.Code, same.Version));
        var patched = await home.Api.PatchAsync(home.ConfigMaps + "/a", """{"data":{"a":"1"}}""");
        Assert.Equal((200, made.Version), (patched.Code, patched.Version));
    }

    [Theory, OnEachCluster]
    public async Task The_name_in_the_body_must_be_the_name_in_the_path(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        await home.CreateConfigMapAsync("a");
        var answer = await home.Api.PutAsync(home.ConfigMaps + "/a", JsonNode.Parse("""{"metadata":{"name":"b"}}""")!);
        Assert.Equal((400, "the name of the object (b) does not match the name on the URL (a)"), (answer.Code, answer.Message));
    }

    [Theory, OnEachCluster]
    public async Task The_namespace_in_the_body_must_be_the_namespace_in_the_path(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.ConfigMaps, """{"metadata":{"name":"a","namespace":"other"}}""");
        Assert.Equal((400, "the namespace of the provided object does not match the namespace sent on the request"), (answer.Code, answer.Message));
    }

    [Theory, OnEachCluster]
    public async Task A_dry_run_stores_nothing(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.ConfigMaps + "?dryRun=All", """{"metadata":{"name":"a"}}""");
        Assert.Equal(201, answer.Code);
        Assert.NotEmpty(answer.Uid);
        Assert.Equal(404, (await home.Api.GetAsync(home.ConfigMaps + "/a")).Code);
    }

    [Theory, OnEachCluster]
    public async Task Bad_names_are_refused_with_the_rule(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.Secrets, """{"metadata":{"name":"X_"}}""");
        Assert.Equal((422, "Invalid"), (answer.Code, answer.Reason));
        Assert.StartsWith("Secret \"X_\" is invalid: metadata.name: Invalid value: \"X_\": a ", answer.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Keys_of_labels_and_annotations_have_a_rule(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        foreach (var field in (string[])["labels", "annotations"])
        {
            var faults = await FaultsAsync(field, "a/b/c");
            Assert.Equal([$"a qualified name {NameRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"], faults);
            Assert.Equal(["prefix part must be non-empty"], await FaultsAsync(field, "/b"));
            Assert.Equal(["name part must be non-empty", $"name part {NameRule}"], await FaultsAsync(field, "a/"));
            Assert.Equal([$"name part {NameRule}"], await FaultsAsync(field, "a b"));
            // How a rule of subdomains and a length are told differs between versions.
            Assert.StartsWith("prefix part a ", Assert.Single(await FaultsAsync(field, "a_b/c")), StringComparison.Ordinal);
            Assert.StartsWith("name part must be no more than 63 ", Assert.Single(await FaultsAsync(field, new string('a', 64))), StringComparison.Ordinal);
            Assert.Empty(await FaultsAsync(field, "a.b/" + new string('a', 63)));
        }

        Assert.Single(await FaultsAsync("labels", "A/b"));
        Assert.Empty(await FaultsAsync("annotations", "A/b"));

        async Task<IReadOnlyList<string>> FaultsAsync(string field, string key)
        {
            var body = new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = "a", [field] = new JsonObject { [key] = "v" } } };
            var answer = await home.Api.PostAsync(home.Secrets, body.ToJsonString());
            if (answer.Code == 201) return [];
            Assert.Equal((422, "Invalid"), (answer.Code, answer.Reason));
            var causes = answer.Body["details"]!["causes"]!.AsArray();
            Assert.All(causes, cause => Assert.Equal("metadata." + field, cause!["field"]!.GetValue<string>()));
            var start = $"Invalid value: \"{key}\": ";
            return [.. causes.Select(cause => cause!["message"]!.GetValue<string>()).Select(message => message.StartsWith(start, StringComparison.Ordinal) ? message[start.Length..] : message)];
        }
    }

    [Theory, OnEachCluster]
    public async Task Garbage_is_a_400(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var answer = await home.Api.PostAsync(home.Secrets, "garbage");
        Assert.Equal((400, "BadRequest"), (answer.Code, answer.Reason));
    }

    [Theory, OnEachCluster]
    public async Task An_unknown_resource_is_a_404(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        Assert.Equal(404, (await home.Api.GetAsync(home.Path("foos"))).Code);
        Assert.Equal(404, (await home.Api.GetAsync("/apis/no.such.group/v1/foos")).Code);
    }

    [Theory, OnEachCluster]
    public async Task Discovery_names_the_resources_their_verbs_and_short_names(ClusterKind kind)
    {
        await using var home = await TestHome.MakeAsync(clusters, kind);
        var core = await home.Api.GetAsync("/api/v1");
        var secrets = core.Body["resources"]!.AsArray().Single(entry => entry!["name"]!.GetValue<string>() == "configmaps")!;
        Assert.Equal("ConfigMap", secrets["kind"]!.GetValue<string>());
        Assert.Equal("cm", secrets["shortNames"]![0]!.GetValue<string>());
        Assert.Contains("watch", secrets["verbs"]!.AsArray().Select(verb => verb!.GetValue<string>()));
        var groups = await home.Api.GetAsync("/apis");
        Assert.Contains("rbac.authorization.k8s.io", groups.Body["groups"]!.AsArray().Select(group => group!["name"]!.GetValue<string>()));
        Assert.Equal("ok", (await home.Api.GetAsync("/readyz")).Text("text"));
        Assert.Equal("1", (await home.Api.GetAsync("/version")).Text("major"));
    }
}
