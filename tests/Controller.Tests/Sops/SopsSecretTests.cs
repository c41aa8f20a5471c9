using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Sops;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>SopsSecrets as manifests that SOPS encrypted in place: what sops-secrets-operator promises, and what it does not.</summary>
public sealed class SopsSecretTests(SharedClusters clusters)
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_file_of_the_original_becomes_its_Secrets(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        await stage.ApplyAsync(SopsFiles.Object(SopsFiles.Case("25-yaml-sopssecret-crd")));

        Assert.Equal("u3IJIb7dxwlt", Stage.Item(await stage.SecretAsync("first"), "token"));
        var second = await stage.SecretAsync("second");
        Assert.Equal(("kubernetes.io/basic-auth", "u", "6mriGKp4NJwE"), (second.Type, Stage.Item(second, "username"), Stage.Item(second, "password")));
        var source = await stage.ReadyAsync("sample", "True");
        var owner = Assert.Single(second.Metadata.OwnerReferences!);
        Assert.Equal(("isindir.github.com/v1alpha3", "SopsSecret", "sample", source.Metadata.Uid, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller));
        Assert.Equal("Healthy", source.Status!.Message);
        Assert.Equal(("False", "Impossible"), (SopsStage.Condition(source, "MacVerified")!.Status, SopsStage.Condition(source, "MacVerified")!.Reason));
        Assert.Equal("False", SopsStage.Condition(source, "Stalled")!.Status);
        Assert.Equal("Normal", (string?)(await stage.EventAsync("sample", "Decrypted"))["type"]);
        Assert.DoesNotContain("6mriGKp4NJwE", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task One_written_for_an_older_version_of_the_kind_becomes_its_Secret(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        foreach (var version in (string[])["v1alpha1", "v1alpha2"])
        {
            var source = await SopsFiles.SopsSecretAsync($"of-{version}", $"{{name: of-{version}, stringData: {{a: x}}}}");
            source["apiVersion"] = $"{SopsSecret.Group}/{version}";
            await stage.ApplyAsync(source);
            Assert.Equal("x", Stage.Item(await stage.SecretAsync($"of-{version}"), "a"));
            await stage.ReadyAsync($"of-{version}", "True");
        }
    }

    [Fact]
    public async Task Keys_that_may_not_be_read_are_told_in_our_own_words()
    {
        await using var stage = await SopsStage.SetAsync(clusters, ClusterKind.Local);
        await stage.PutKeysAsync("age-a");
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(403, new FaultMatch("get", PathContains: $"/{stage.Namespace}/secrets/sops-keys"));
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: x}}"));
        var ready = SopsStage.Condition(await stage.ReadyAsync("db", "False"), "Ready")!;
        Assert.Equal("ApiRefused", ready.Reason);
        Assert.StartsWith("the API server forbids it: the controller needs get, list, watch, create, update and delete on secrets", ready.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_whose_write_meets_a_conflict_is_written_all_the_same()
    {
        await using var stage = await SopsStage.SetAsync(clusters, ClusterKind.Local);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(409, new FaultMatch("update", PathContains: $"/{stage.Namespace}/sopssecrets/db/status"), times: 2);
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: x}}"));
        await stage.ReadyAsync("db", "True");
    }

    [Theory, OnEachCluster]
    public async Task A_refusal_of_the_API_server_quotes_no_value(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("label", "{name: label, labels: {a: \"hun ter2\"}, stringData: {a: x}}"));
        var refused = await stage.ReadyAsync("label", "False", SopsReason.WriteFailed);
        Assert.Equal(("False", "True"), (SopsStage.Condition(refused, "Reconciling")!.Status, SopsStage.Condition(refused, "Stalled")!.Status)); // only a change helps
        Assert.DoesNotContain("hun ter2", SopsStage.Condition(refused, "Ready")!.Message, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task A_new_object_says_that_nobody_has_looked_at_it_yet(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.ApplyAsync(SopsFiles.Object(SopsFiles.Case("25-yaml-sopssecret-crd")));
        Assert.Equal(-1, (await stage.SopsSecretAsync("sample", _ => true)).Status!.ObservedGeneration);
    }

    [Theory, OnEachCluster]
    public async Task Labels_annotations_and_binary_data_come_through_and_nothing_of_the_object_itself(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        var source = await SopsFiles.SopsSecretAsync("db", "{name: db, labels: {team: a}, annotations: {note: b}, data: {raw: /wD+}, stringData: {empty: \"\"}}");
        source["metadata"]!["labels"] = new JsonObject { ["app.kubernetes.io/instance"] = "app" };
        source["metadata"]!["annotations"] = new JsonObject { ["argocd.argoproj.io/tracking-id"] = "app:isindir.github.com/SopsSecret:shop/db" };
        await stage.ApplyAsync(source);

        var secret = await stage.SecretAsync("db");
        Assert.Equal([0xFF, 0x00, 0xFE], secret.Data!["raw"]!);
        Assert.Equal([], secret.Data["empty"]!);
        Assert.Equal([new("team", "a")], secret.Metadata.Labels!);
        Assert.Equal([new("note", "b")], secret.Metadata.Annotations!);
    }

    [Theory, OnEachCluster]
    public async Task An_edited_a_deleted_and_a_disowned_template_are_followed(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: one, stringData: {a: x}}\n        - {name: two, stringData: {a: y}}"));
        await stage.SecretAsync("two", "a", "y");
        await stage.ReadyAsync("db", "True");

        await stage.Kube.PatchAsync(ClusterKinds.Secrets, stage.Key("one"), JsonNode.Parse("""{"data":{"a":"aGFja2Vk","b":"eA=="}}""")!.AsObject(), Ending);
        Assert.Equal(["a"], (await stage.SecretAsync("one", "a", "x")).Data!.Keys);
        var first = await stage.SecretAsync("two");
        await stage.Kube.DeleteAsync(ClusterKinds.SecretResource, stage.Key("two"), null, Ending);
        await stage.SecretAsync("two", secret => secret.Metadata.Uid != first.Metadata.Uid);

        var next = await SopsFiles.SopsSecretAsync("db", "{name: two, stringData: {a: z}}");
        await stage.ChangeAsync("db", present => (present["spec"], present["sops"]) = (next["spec"]!.DeepClone(), next["sops"]!.DeepClone()));
        await stage.SecretAsync("two", "a", "z");
        await stage.GoneAsync("one");
        Assert.Equal("1 Secret is as declared", SopsStage.Condition(await stage.ReadyAsync("db", "True"), "Ready")!.Message);
    }

    [Theory, OnEachCluster]
    public async Task A_restart_over_unchanged_objects_decrypts_nothing_and_writes_nothing(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        var first = stage.Start();
        await stage.ApplyAsync(SopsFiles.Object(SopsFiles.Case("25-yaml-sopssecret-crd")));
        var before = await stage.ReadyAsync("sample", "True");
        await stage.StopAsync(first);

        var pass = Task.CompletedTask;
        var second = stage.Start(new Dictionary<string, string>(), built => pass = SopsStage.PassAsync(built));
        await pass;
        var after = await stage.ReadyAsync("sample", "True");
        Assert.Equal(before.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
        Assert.Equal(0, second.Sops.Decryptions);
        Assert.Equal(0, second.Sops.SecretWrites);
    }

    [Theory, OnEachCluster]
    public async Task A_Secret_that_no_watch_shows_comes_back_at_the_next_start_and_one_that_is_there_is_not_written(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        var first = stage.Start("--skip-recreate");
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: one, stringData: {a: x}}\n        - {name: two, stringData: {a: y}}"));
        await stage.ReadyAsync("db", "True");
        await stage.StopAsync(first);
        await stage.Kube.DeleteAsync(ClusterKinds.SecretResource, stage.Key("one"), null, Ending);

        var pass = Task.CompletedTask;
        var second = stage.Start(new Dictionary<string, string>(), built => pass = SopsStage.PassAsync(built), "--skip-recreate");
        await pass;
        await stage.SecretAsync("one", "a", "x");
        Assert.Equal(1, second.Sops.SecretWrites);
    }

    [Theory, OnEachCluster]
    public async Task With_a_label_selector_a_labelled_Secret_that_goes_comes_back_and_one_that_is_edited_is_put_right(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start("--label-selector=team=a");
        var source = await SopsFiles.SopsSecretAsync("db", "{name: db, labels: {team: a}, stringData: {a: x}}");
        source["metadata"]!["labels"] = new JsonObject { ["team"] = "a" };
        await stage.ApplyAsync(source);
        await stage.ReadyAsync("db", "True");
        var first = await stage.SecretAsync("db", "a", "x");

        await stage.Kube.DeleteAsync(ClusterKinds.SecretResource, stage.Key("db"), null, Ending);
        await stage.SecretAsync("db", secret => secret.Metadata.Uid != first.Metadata.Uid && Stage.Item(secret, "a") == "x");
        await stage.Kube.PatchAsync(ClusterKinds.Secrets, stage.Key("db"), JsonNode.Parse("""{"data":{"a":"aGFja2Vk"}}""")!.AsObject(), Ending);
        await stage.SecretAsync("db", "a", "x");
    }

    [Theory, OnEachCluster]
    public async Task A_Secret_in_the_way_is_left_alone_until_it_is_gone_or_given_up(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        foreach (var name in new[] { "one", "two", "three" })
        {
            await stage.Kube.CreateAsync(ClusterKinds.Secrets, new Secret { Metadata = new ObjectMeta { Namespace = stage.Namespace, Name = name }, Data = new(StringComparer.Ordinal) { ["mine"] = [1] } }, Ending);
        }
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("one", "{name: one, stringData: {a: x}}\n        - {name: free, stringData: {a: x}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("two", "{name: two, stringData: {a: x}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("three", "{name: three, stringData: {a: x}}", spec: "enforceOwnership: true"));

        var refused = await stage.ReadyAsync("one", "False", SopsReason.NotOwned);
        Assert.Equal("Child secret is not owned by controller error", refused.Status!.Message);
        Assert.Equal("True", SopsStage.Condition(refused, "Stalled")!.Status);
        await stage.EventAsync("one", SopsReason.NotOwned);
        await stage.SecretAsync("free", "a", "x"); // one that is in the way does not stop the others
        await stage.SecretAsync("three", "a", "x");
        Assert.Equal(["mine"], (await stage.SecretAsync("one")).Data!.Keys);

        await stage.Kube.DeleteAsync(ClusterKinds.SecretResource, stage.Key("one"), null, Ending);
        await stage.SecretAsync("one", "a", "x");
        await stage.ReadyAsync("two", "False");
        await stage.Kube.PatchAsync(ClusterKinds.Secrets, stage.Key("two"), JsonNode.Parse("""{"metadata":{"annotations":{"sopssecret/managed":"true"}}}""")!.AsObject(), Ending);
        await stage.SecretAsync("two", "a", "x");
        await stage.ReadyAsync("two", "True");
    }

    [Theory, OnEachCluster]
    public async Task A_key_that_arrives_opens_what_failed_for_want_of_it(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: x}}"));
        var waiting = await stage.ReadyAsync("db", "False", SopsReason.NoKey);
        Assert.Equal("Decryption error", waiting.Status!.Message);
        Assert.Contains(SopsFiles.Recipient("age-a"), SopsStage.Condition(waiting, "Ready")!.Message, StringComparison.Ordinal);
        await stage.PutKeysAsync("age-a");
        await stage.SecretAsync("db", "a", "x");
        await stage.ReadyAsync("db", "True");
    }

    [Theory, OnEachCluster]
    public async Task Suspended_it_is_left_alone_and_a_request_is_answered_once(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        var controller = stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: x}}", spec: "suspend: true"));
        Assert.Equal("Reconciliation is suspended", (await stage.ReadyAsync("db", "Unknown", SopsReason.Suspended)).Status!.Message);
        Assert.Equal(0, controller.Sops.Decryptions);
        await stage.ChangeAsync("db", present => present["spec"]!["suspend"] = false);
        await stage.ReadyAsync("db", "True");
        Assert.Equal(1, controller.Sops.Decryptions);

        await stage.ChangeAsync("db", present => present["metadata"]!["annotations"] = new JsonObject { ["reconcile.fluxcd.io/requestedAt"] = "2026-01-02T03:04:05Z" });
        await stage.SopsSecretAsync("db", found => found.Status!.LastHandledReconcileAt == "2026-01-02T03:04:05Z");
        Assert.Equal(2, controller.Sops.Decryptions);
    }

    [Theory, OnEachCluster]
    public async Task Keys_are_taken_from_the_Secret_that_is_named_whatever_the_item_is_called(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-b", name: "sops-keys");
        await stage.PutKeysAsync("age-a", name: "mine", item: "keys.txt");
        await stage.PutKeysAsync("pgp-rsa", name: "openpgp", item: "team.asc");
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("db", "{name: db, stringData: {a: x}}", spec: "decryption: {provider: sops, secretRef: {name: mine}}"));
        await stage.SecretAsync("db", "a", "x");
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("none", "{name: none, stringData: {a: x}}", spec: "decryption: {secretRef: {name: absent}}"));
        Assert.Contains("absent is not there", SopsStage.Condition(await stage.ReadyAsync("none", "False", SopsReason.NoKey), "Ready")!.Message, StringComparison.Ordinal);
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("foreign", "{name: foreign, stringData: {a: x}}", spec: "decryption: {secretRef: {name: openpgp}}"));
        await stage.ReadyAsync("foreign", "False", SopsReason.NoKey);
    }

    [Theory, OnEachCluster]
    public async Task What_cannot_become_a_Secret_says_why_and_shows_no_value(ClusterKind kind)
    {
        await using var stage = await SopsStage.SetAsync(clusters, kind);
        await stage.PutKeysAsync("age-a");
        stage.Start();
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("number", "{name: number, stringData: {port: 271828}}"));
        await stage.ApplyAsync(await SopsFiles.SopsSecretAsync("base64", "{name: base64, data: {raw: \"not-base64-hunter2!\"}}"));
        await stage.ApplyAsync(SopsFiles.Object("""
            apiVersion: isindir.github.com/v1alpha3
            kind: SopsSecret
            metadata: {name: plain}
            spec: {secretTemplates: [{name: plain, stringData: {a: hunter2}}]}
            """));
        var moved = await SopsFiles.SopsSecretAsync("moved", "{name: moved, stringData: {a: x, b: y}}");
        var items = moved["spec"]!["secretTemplates"]![0]!["stringData"]!.AsObject();
        (items["a"], items["b"]) = (items["b"]!.DeepClone(), items["a"]!.DeepClone());
        await stage.ApplyAsync(moved);

        foreach (var (name, reason, words) in new[]
        {
            ("number", SopsReason.InvalidDocument, "spec.secretTemplates[0].stringData.port: is a whole and not text"),
            ("base64", SopsReason.InvalidDocument, "spec.secretTemplates[0].data.raw: is not base64"),
            ("plain", SopsReason.NotEncrypted, "no sops block"),
            ("moved", SopsReason.NotAuthentic, "spec.secretTemplates.stringData.a"),
        })
        {
            var failed = await stage.ReadyAsync(name, "False", reason);
            Assert.Contains(words, SopsStage.Condition(failed, "Ready")!.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("271828", SopsStage.Condition(failed, "Ready")!.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", SopsStage.Condition(failed, "Ready")!.Message, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
    }
}
