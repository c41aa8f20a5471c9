using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Manifests;

/// <summary>ExternalSecret → ConfigMap, or any other kind that the API server has, over the wire.</summary>
public sealed class GenericTargetTests
{
    private const string Allow = "--unsafe-allow-generic-targets";
    private const string ConfigMap = "manifest: {apiVersion: v1, kind: ConfigMap}";
    private const string App = "manifest: {apiVersion: example.com/v1, kind: App}";
    private static readonly KubeKind<JsonObject> ConfigMaps = ExternalKinds.ConfigMaps;
    private static readonly KubeKind<JsonObject> Apps = KubeKind.Untyped(new KubeResource("example.com", "v1", "apps"));

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_become_a_ConfigMap_that_belongs_to_its_ExternalSecret()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap, labels: "{team: a}"));
        var made = await UntilAsync(stage, ConfigMaps, "db", map => Text(map["data"]?["a"]) == "v");
        var source = await stage.ReadyAsync("db", "True", "secret synced");
        Assert.Equal("ResourceSynced", source.Status!.Conditions![0].Reason);
        Assert.Null(source.Status.Binding);
        Assert.Equal("true", Text(made["metadata"]!["labels"]!["reconcile.external-secrets.io/managed"]));
        Assert.Equal("a", Text(made["metadata"]!["labels"]!["team"]));
        Assert.Equal(ObjectHash.Of("map[a:v]"), Text(made["metadata"]!["annotations"]!["reconcile.external-secrets.io/data-hash"]));
        Assert.Equal(source.Metadata.Uid, Text(made["metadata"]!["ownerReferences"]![0]!["uid"]));
        await stage.EventAsync("db", "Created", "Created ConfigMap db");
        Assert.DoesNotContain(stage.Cluster.Requests.All(), request => request is { Verb: "create", Resource: "secrets" } && request.Namespace == ExternalStage.Namespace);
    }

    [Fact]
    public async Task A_template_writes_to_any_path_of_a_custom_resource_and_follows_its_store()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", App + ", template: {metadata: {labels: {of: '{{ .a }}'}}, templateFrom: [{target: 'spec.rules[0].from', literal: 'host: {{ .a }}'}, {target: Spec, literal: 'host: {{ .a }}'}, {target: 'spec.rules[0].from', literal: 'host: {{ .a }}'}]}"));
        var made = await UntilAsync(stage, Apps, "db", app => app["spec"]?["host"] is not null);
        Assert.Equal("""{"host":"v","rules":[{"from":{"host":"v"}}]}""", made["spec"]!.ToJsonString());
        Assert.Equal("v", Text(made["metadata"]!["labels"]!["of"]));
        await stage.ReadyAsync("db", "True", "secret synced");
        stage.Provider.Values["k"] = "w";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await UntilAsync(stage, Apps, "db", app => Text(app["spec"]?["host"]) == "w" && Text(app["metadata"]!["labels"]!["of"]) == "w");
    }

    [Fact]
    public async Task What_is_edited_or_deleted_by_hand_comes_back()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap + ", template: {metadata: {labels: {tier: x}}}"));
        await stage.ReadyAsync("db", "True");
        await PatchAsync(stage, ConfigMaps, "db", """{"data":{"a":"edited","more":"1"}}""");
        await UntilAsync(stage, ConfigMaps, "db", map => map["data"]!.ToJsonString() == """{"a":"v"}""");
        await PatchAsync(stage, ConfigMaps, "db", """{"metadata":{"labels":{"tier":"y","reconcile.external-secrets.io/managed":null}}}""");
        await UntilAsync(stage, ConfigMaps, "db", map => Text(map["metadata"]!["labels"]!["tier"]) == "x" && map["metadata"]!["labels"]!["reconcile.external-secrets.io/managed"] is not null);
        await stage.Kube.DeleteAsync(ConfigMaps.Resource, ExternalStage.Key("db"), null, Ending);
        await UntilAsync(stage, ConfigMaps, "db", map => Text(map["data"]?["a"]) == "v");
    }

    [Fact]
    public async Task A_status_that_changes_asks_no_provider_and_writes_nothing()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", App));
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
        var calls = stage.Provider.Calls.Count;
        stage.Cluster.Requests.Clear();
        await stage.Kube.PatchAsync(Apps, ExternalStage.Key("db"), JsonNode.Parse("""{"status":{"phase":"Ready"}}""")!.AsObject(), Ending, "status");
        // One that has to be put right shows that the watch is through with the status.
        await PatchAsync(stage, Apps, "db", """{"spec":{"data":{"a":"edited"}}}""");
        await UntilAsync(stage, Apps, "db", app => Text(app["spec"]?["data"]?["a"]) == "v" && Text(app["status"]?["phase"]) == "Ready");
        // Its watchers see an update before the server has noted it.
        await Eventually.TrueAsync(() => Updates() > 0, "the update is noted");
        Assert.Equal(1, Updates());
        Assert.InRange(stage.Provider.Calls.Count, calls, calls + 1);

        int Updates() => stage.Cluster.Requests.Count(request => request is { Verb: "update", Resource: "apps" });
    }

    [Fact]
    public async Task A_restart_over_fresh_targets_asks_no_provider_and_writes_nothing()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.ApplyDefinitionAsync(Definition);
        stage.Provider.Values["k"] = "v";
        var first = await stage.StartAsync(Allow);
        await stage.StoreAsync();
        await stage.ApplyAsync(External("db", App));
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
        await stage.StopAsync(first);
        // Touched meanwhile by somebody whom it concerns.
        await stage.Kube.PatchAsync(Apps, ExternalStage.Key("db"), JsonNode.Parse("""{"status":{"phase":"Ready"}}""")!.AsObject(), Ending, "status");
        var calls = stage.Provider.Calls.Count;
        stage.Cluster.Requests.Clear();
        Task passes = Task.CompletedTask;
        var second = stage.Build(TimeProvider.System, process => passes = ExternalStage.PassesAsync(process, 1), Allow);
        await second.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        await passes;
        Assert.Equal(calls, stage.Provider.Calls.Count);
        Assert.DoesNotContain(stage.Cluster.Requests.All(), request => request.Verb is "update" or "create" or "patch" && request.Resource is "apps" or "externalsecrets/status");
    }

    [Fact]
    public async Task Merge_waits_for_the_object_and_writes_its_own_keys_alone()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap + ", creationPolicy: Merge"));
        var waiting = await stage.ReadyAsync("db", "True", "resource will not be created due to CreationPolicy=Merge");
        Assert.Equal("ResourceMissing", waiting.Status!.Conditions![0].Reason);
        await stage.Kube.CreateAsync(ConfigMaps, JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"db","namespace":"shop"},"data":{"theirs":"1"}}""")!.AsObject(), Ending);
        var merged = await UntilAsync(stage, ConfigMaps, "db", map => map["data"]!.AsObject().Count == 2);
        Assert.Equal(("1", "v"), (Text(merged["data"]!["theirs"]), Text(merged["data"]!["a"])));
        Assert.Null(merged["metadata"]!["ownerReferences"]);
        await stage.ReadyAsync("db", "True", "secret synced");
    }

    [Fact]
    public async Task With_None_nothing_is_fetched_and_nothing_written()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap + ", creationPolicy: None"));
        Assert.Equal("ResourceSynced", (await stage.ReadyAsync("db", "True", "secret synced")).Status!.Conditions![0].Reason);
        Assert.Empty(stage.Provider.Calls);
        Assert.Null(await stage.Kube.FindAsync(ConfigMaps, ExternalStage.Key("db"), Ending));
    }

    [Fact]
    public async Task With_Delete_the_object_goes_with_its_values_and_a_foreign_one_stays()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap + ", deletionPolicy: Delete"));
        await UntilAsync(stage, ConfigMaps, "db", map => Text(map["data"]?["a"]) == "v");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values.TryRemove("k", out _);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        var gone = await stage.ReadyAsync("db", "True", "secret deleted due to DeletionPolicy=Delete");
        Assert.Equal("ResourceDeleted", gone.Status!.Conditions![0].Reason);
        Assert.Null(await stage.Kube.FindAsync(ConfigMaps, ExternalStage.Key("db"), Ending));
        await stage.EventAsync("db", "Deleted", "Deleted ConfigMap db");

        await stage.Kube.CreateAsync(ConfigMaps, JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","namespace":"shop"},"data":{"theirs":"1"}}""")!.AsObject(), Ending);
        await stage.ApplyAsync(External("other", ConfigMap + ", deletionPolicy: Delete"));
        await stage.ReadyAsync("other", "False", "could not delete resource: other is not this ExternalSecret's, so it stays");
        Assert.NotNull(await stage.Kube.FindAsync(ConfigMaps, ExternalStage.Key("other"), Ending));
    }

    [Fact]
    public async Task A_renamed_target_leaves_no_orphan()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap));
        await stage.ReadyAsync("db", "True");
        await PatchAsync(stage, ConfigMaps, "db", """{"data":{"a":"edited"}}""");
        await UntilAsync(stage, ConfigMaps, "db", map => Text(map["data"]?["a"]) == "v"); // so the watch shows it
        await stage.PatchAsync("db", """{"spec":{"target":{"name":"renamed"}}}""");
        await UntilAsync(stage, ConfigMaps, "renamed", map => Text(map["data"]?["a"]) == "v");
        await Eventually.TrueAsync(() => stage.Cluster.Requests.All().Any(request => request is { Verb: "delete", Resource: "configmaps" }));
    }

    [Fact]
    public async Task A_target_that_becomes_another_kind_leaves_no_orphan()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap));
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"spec":{"target":{"manifest":{"apiVersion":"example.com/v1","kind":"App"}}}}""");
        await UntilAsync(stage, Apps, "db", app => Text(app["spec"]?["data"]?["a"]) == "v");
        await stage.EventAsync("db", "Deleted", "Deleted ConfigMap db");
        Assert.Null(await stage.Kube.FindAsync(ConfigMaps, ExternalStage.Key("db"), Ending));
        await stage.PatchAsync("db", """{"spec":{"target":{"manifest":null}}}""");
        await stage.SecretAsync("db", "a", "v");
        await stage.EventAsync("db", "Deleted", "Deleted App db");
        Assert.Null(await stage.Kube.FindAsync(Apps, ExternalStage.Key("db"), Ending));
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"spec":{"target":{"manifest":{"apiVersion":"v1","kind":"ConfigMap"}}}}""");
        await UntilAsync(stage, ConfigMaps, "db", map => Text(map["data"]?["a"]) == "v");
        await stage.EventAsync("db", "Deleted", "secret deleted because it was orphaned");
        Assert.Null(await stage.Kube.FindAsync(Controller.Secrets.ClusterKinds.Secrets, ExternalStage.Key("db"), Ending));
    }

    [Fact]
    public async Task What_was_written_before_a_restart_is_an_orphan_afterwards_too()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.ApplyDefinitionAsync(Definition);
        stage.Provider.Values["k"] = "v";
        var first = await stage.StartAsync(Allow);
        await stage.StoreAsync();
        await stage.ApplyAsync(External("db", App));
        await stage.ReadyAsync("db", "True");
        await stage.StopAsync(first);
        await stage.PatchAsync("db", """{"spec":{"target":{"name":"renamed","manifest":{"apiVersion":"v1","kind":"ConfigMap"}}}}""");
        await stage.StartAsync(Allow);
        await UntilAsync(stage, ConfigMaps, "renamed", map => Text(map["data"]?["a"]) == "v");
        await stage.EventAsync("db", "Deleted", "Deleted App db");
        Assert.Null(await stage.Kube.FindAsync(Apps, ExternalStage.Key("db"), Ending));
    }

    [Fact]
    public async Task Nobody_s_object_stays_when_the_target_becomes_another_kind()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap + ", creationPolicy: Orphan"));
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"spec":{"target":{"creationPolicy":"Owner","manifest":{"apiVersion":"example.com/v1","kind":"App"}}}}""");
        await UntilAsync(stage, Apps, "db", app => Text(app["spec"]?["data"]?["a"]) == "v");
        await stage.ReadyAsync("db", "True");
        Assert.NotNull(await stage.Kube.FindAsync(ConfigMaps, ExternalStage.Key("db"), Ending));
    }

    [Fact]
    public async Task An_object_of_another_ExternalSecret_is_left_to_it()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", ConfigMap));
        await stage.ReadyAsync("db", "True");
        await stage.ApplyAsync(External("thief", ConfigMap + ", name: db"));
        var refused = await stage.ReadyAsync("thief", "False", "target is owned by another ExternalSecret: db belongs to ExternalSecret db");
        Assert.Equal("ResourceSyncedError", refused.Status!.Conditions![0].Reason);
    }

    [Fact]
    public async Task Without_the_flag_the_condition_says_so_and_nobody_is_asked()
    {
        await using var stage = await StartedAsync([]);
        await stage.ApplyAsync(External("db", ConfigMap));
        var refused = await stage.ReadyAsync("db", "False", "invalid generic target: spec.target.manifest: generic targets are disabled. Enable with --unsafe-allow-generic-targets");
        Assert.Equal("SecretSyncedError", refused.Status!.Conditions![0].Reason);
        Assert.Empty(stage.Provider.Calls);
    }

    [Fact]
    public async Task A_manifest_that_says_Secret_is_a_Secret_with_or_without_the_flag()
    {
        await using var stage = await StartedAsync([]);
        await stage.ApplyAsync(External("db", "manifest: {apiVersion: v1, kind: Secret}"));
        await stage.SecretAsync("db", "a", "v");
        Assert.Equal("SecretSynced", (await stage.ReadyAsync("db", "True", "secret synced")).Status!.Conditions![0].Reason);
    }

    [Theory]
    [InlineData("manifest: {apiVersion: a/b/c, kind: App}", "invalid generic target: spec.target.manifest.apiVersion is neither VERSION nor GROUP/VERSION")]
    [InlineData("manifest: {apiVersion: v1, kind: Namespace}", "invalid generic target: spec.target.manifest: namespaces live in no namespace")]
    [InlineData("manifest: {apiVersion: example.com/v1, kind: Nothing}", "could not get target resource: spec.target.manifest: the API server has no kind Nothing in example.com/v1")]
    [InlineData("manifest: {apiVersion: nowhere.com/v1, kind: App}", "could not get target resource: spec.target.manifest: the API server has no kind App in nowhere.com/v1")]
    [InlineData(App + ", template: {templateFrom: [{target: 'spec..a', literal: 'a: b'}]}", "could not apply template to manifest: template.templateFrom[0].target \"spec..a\": a segment is empty")]
    [InlineData(App + ", template: {data: {x: '{{ .absent }}'}}", "could not apply template to manifest: template.data \"x\"")]
    public async Task What_cannot_be_written_is_told(string target, string message)
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", target));
        await stage.ReadyAsync("db", "False", message);
    }

    [Fact]
    public async Task What_the_API_server_does_not_accept_is_told_by_its_field_and_without_its_value()
    {
        await using var stage = await StartedAsync();
        stage.Provider.Values["k"] = "hunter2";
        await stage.ApplyAsync(External("db", App + ", template: {templateFrom: [{target: spec.replicas, literal: '{{ .a }}'}]}"));
        var refused = await stage.ReadyAsync("db", "False", "could not update secret: the API server does not accept spec.replicas");
        Assert.DoesNotContain("hunter2", refused.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
        var told = await stage.EventAsync("db", "UpdateFailed");
        Assert.DoesNotContain("hunter2", told.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_means_nothing_to_the_kind_is_told()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync(External("db", App + ", immutable: true, template: {type: Opaque}"));
        await stage.ReadyAsync("db", "True", "secret synced; spec.target.template.type and spec.target.immutable mean nothing to the kind App");
    }

    [Fact]
    public async Task A_kind_that_is_installed_later_is_found_then()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        var process = stage.Build(time, Allow);
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), Ending);
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        await stage.ApplyAsync(External("db", App));
        await stage.ReadyAsync("db", "False", "the API server has no kind App in example.com/v1");
        await stage.ApplyDefinitionAsync(Definition);
        var made = UntilAsync(stage, Apps, "db", app => Text(app["spec"]?["data"]?["a"]) == "v");
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(1), () => made.IsCompleted);
        await made;
    }

    private static async Task<ExternalStage> StartedAsync(string[]? flags = null)
    {
        var stage = await ExternalStage.SetAsync();
        await stage.ApplyDefinitionAsync(Definition);
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync(flags ?? [Allow]);
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        return stage;
    }

    private static string External(string name, string target, string labels = "{}") => $$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{{name}}}, labels: {{{labels}}} }
        spec:
          refreshInterval: 1h
          secretStoreRef: {name: store}
          target: { {{{target}}} }
          data: [{secretKey: a, remoteRef: {key: k}}]
        """;

    private static async Task PatchAsync(ExternalStage stage, KubeKind<JsonObject> kind, string name, string patch) =>
        await stage.Kube.PatchAsync(kind, ExternalStage.Key(name), JsonNode.Parse(patch)!.AsObject(), Ending);

    private static Task<JsonObject> UntilAsync(ExternalStage stage, KubeKind<JsonObject> kind, string name, Func<JsonObject, bool> wanted) =>
        stage.UntilAsync(kind, ExternalStage.Namespace, all => all.FirstOrDefault(found => Text(found["metadata"]!["name"]) == name && wanted(found)));

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: apps.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: apps, singular: app, kind: App, listKind: AppList}
          versions:
            - name: v1
              served: true
              storage: true
              subresources: {status: {}}
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      x-kubernetes-preserve-unknown-fields: true
                      properties: {replicas: {type: integer}}
                    status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """;
}
