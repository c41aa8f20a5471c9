using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A cluster in which the original worked until a moment ago. Its hashes were computed by Go, with the original's function.</summary>
public sealed class TakeOverTests
{
    private const string DataHash = "c03966217a91d0db594702061192a5e953bc4f158c7464ace75017de";
    private const string CreatedBy = "5cb53bbbf776b3913df48671d8f6ea51a705aac7e8938ae122b52eba";
    private const string MetadataHash = "eeffa8ccd71ec53264fdcd2c24454f310b8d279307575f8e6f7286a7";

    private const string Predecessor = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: externalsecrets.kubernetes-client.io}
        spec:
          group: kubernetes-client.io
          scope: Namespaced
          names: {kind: ExternalSecret, plural: externalsecrets, singular: externalsecret}
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
        """;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_original_wrote_a_moment_ago_is_neither_fetched_nor_written_again()
    {
        await using var stage = await ExternalStage.SetAsync();
        await LeaveAsync(stage);
        stage.Provider.Values["password"] = "another";
        stage.Cluster.Requests.Clear();
        var pass = Task.CompletedTask;
        stage.Build(TimeProvider.System, built => pass = ExternalStage.PassesAsync(built, 1));
        await pass;
        await stage.StoreReadyAsync("store", "True");
        Assert.Empty(stage.Provider.Calls);
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.IsWrite && request.Resource == "secrets" && request.Namespace == ExternalStage.Namespace));
    }

    [Fact]
    public async Task What_the_original_wrote_is_kept_fresh_and_deleted_by_us()
    {
        await using var stage = await ExternalStage.SetAsync();
        await LeaveAsync(stage);
        stage.Provider.Values["password"] = "another";
        stage.Provider.Values["user"] = "ann";
        var before = await stage.SecretAsync("db");
        await stage.StartAsync();
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        var after = await stage.SecretAsync("db", "password", "another");
        Assert.Equal((before.Metadata.Uid, CreatedBy), (after.Metadata.Uid, after.Metadata.Labels!["reconcile.external-secrets.io/created-by"]));

        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("db"), null, Ending);
        await stage.UntilAsync(ClusterKinds.Secrets, ExternalStage.Namespace, all => all.Any(secret => secret.Metadata.Name == "db") ? null : new Secret());
    }

    [Fact]
    public async Task Our_definition_over_that_of_the_original_is_noticed_without_a_restart()
    {
        Assert.SkipWhen(OwnClusters.AreReal, "kube-apiserver takes up a definition some time later, and says not when");
        await using var stage = await ExternalStage.SetAsync();
        var definitions = KubeKind.Untyped(new KubeResource("apiextensions.k8s.io", "v1", "customresourcedefinitions", Namespaced: false));
        var key = new NamespacedName("", "externalsecrets.external-secrets.io");
        var ours = await stage.Kube.GetAsync(definitions, key, Ending);
        var theirs = ours.DeepClone().AsObject();
        foreach (var version in theirs["spec"]!["versions"]!.AsArray())
        {
            var status = version!["schema"]!["openAPIV3Schema"]!["properties"]!["status"]!.AsObject();
            status.Remove("default");
            foreach (var field in (string[])["observedGeneration", "observedHash", "renewTime"]) status["properties"]!.AsObject().Remove(field);
        }
        await stage.Kube.UpdateAsync(definitions, theirs, Ending);
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("before", ("a", "k"));
        await stage.SourceAsync("before", source => source.Status is { ObservedGeneration: null, Conditions: [{ Status: "True" }] });
        await stage.EventAsync("before", "Created");
        await Eventually.TrueAsync(() => stage.Log.ToString()!.Contains("drops status.observedHash", StringComparison.Ordinal), "what is dropped is told");

        var now = await stage.Kube.GetAsync(definitions, key, Ending);
        ours["metadata"]!["resourceVersion"] = (string?)now["metadata"]!["resourceVersion"];
        await stage.Kube.UpdateAsync(definitions, ours, Ending);
        await stage.ExternalAsync("after", ("a", "k"));
        await stage.ReadyAsync("after", "True");
    }

    /// <summary>Its predecessor, of another group, has a kind of the same name.</summary>
    [Fact]
    public async Task A_Secret_of_an_ExternalSecret_of_another_group_is_not_deleted_and_can_be_merged_into()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.ApplyDefinitionAsync(Predecessor);
        var kind = KubeKind.Untyped(new KubeResource("kubernetes-client.io", "v1", "externalsecrets", Namespaced: true));
        await stage.UntilAsync(kind, ExternalStage.Namespace, all => all);
        var owner = await stage.Kube.CreateAsync(kind, JsonNode.Parse("""{"apiVersion":"kubernetes-client.io/v1","kind":"ExternalSecret","metadata":{"name":"db","namespace":"shop"}}""")!.AsObject(), Ending);
        var uid = (string)owner["metadata"]!["uid"]!;
        foreach (var name in (string[])["db", "both"])
        {
            await stage.CreateSecretAsync(name, ("theirs", "x"));
            await stage.PatchSecretAsync(name, $$$"""{"metadata":{"ownerReferences":[{"apiVersion":"kubernetes-client.io/v1","kind":"ExternalSecret","name":"db","uid":"{{{uid}}}","controller":true}]}}""");
        }
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{deletionPolicy: Delete}", "1h", ("a", "missing"));
        await stage.ReadyAsync("db", "False", "could not delete secret: db is not this ExternalSecret's, so it stays");
        await stage.SecretAsync("db", "theirs", "x");
        await stage.ExternalAsync("one", "{name: both, creationPolicy: Merge}", "1h", ("a", "k"));
        var merged = await stage.SecretAsync("both", "a", "v");
        Assert.Equal(["a", "theirs"], merged.Data!.Keys);
        Assert.Equal(uid, Assert.Single(merged.Metadata.OwnerReferences!).Uid);
    }

    /// <summary>An ExternalSecret, its Secret and their store, as the original leaves them.</summary>
    private static async Task LeaveAsync(ExternalStage stage)
    {
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata:
              name: db
              labels: {team: a}
              annotations: {note: "n"}
              finalizers: [externalsecrets.external-secrets.io/externalsecret-cleanup]
            spec:
              refreshInterval: 1h
              secretStoreRef: {name: store}
              data: [{secretKey: password, remoteRef: {key: password}}, {secretKey: user, remoteRef: {key: user}}]
            """);
        var source = await stage.Kube.GetAsync(KubeKind.Untyped(ExternalKinds.ExternalSecrets.Resource), ExternalStage.Key("db"), Ending);
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        source["status"] = new JsonObject
        {
            ["refreshTime"] = now,
            ["syncedResourceVersion"] = "1-" + MetadataHash,
            ["binding"] = new JsonObject { ["name"] = "db" },
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "SecretSynced", ["message"] = "secret synced", ["lastTransitionTime"] = now }),
        };
        await stage.Kube.UpdateStatusAsync(KubeKind.Untyped(ExternalKinds.ExternalSecrets.Resource), source, Ending);
        await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret
        {
            Metadata = new ObjectMeta
            {
                Namespace = ExternalStage.Namespace,
                Name = "db",
                Labels = new(StringComparer.Ordinal) { ["reconcile.external-secrets.io/created-by"] = CreatedBy, ["reconcile.external-secrets.io/managed"] = "true", ["team"] = "a" },
                Annotations = new(StringComparer.Ordinal) { ["note"] = "n", ["reconcile.external-secrets.io/data-hash"] = DataHash },
                OwnerReferences = [new OwnerReference { ApiVersion = "external-secrets.io/v1", Kind = "ExternalSecret", Name = "db", Uid = (string)source["metadata"]!["uid"]!, Controller = true, BlockOwnerDeletion = true }],
            },
            Type = "Opaque",
            Data = new(StringComparer.Ordinal) { ["password"] = Encoding.UTF8.GetBytes("v"), ["user"] = Encoding.UTF8.GetBytes("ann") },
        }, Ending);
    }
}
