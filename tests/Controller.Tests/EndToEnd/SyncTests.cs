using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Sealed;
using GitOpsSecrets.LocalCluster;

namespace GitOpsSecrets.Controller.Tests.EndToEnd;

/// <summary>What the original promises, through the API server.</summary>
public sealed class SyncTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_requested_pass_is_made_at_once_and_its_request_stands_in_the_status()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        Assert.Null((await stage.SyncedAsync("db", "True")).Status!.LastHandledReconcileAt);

        await stage.ChangeAsync("db", source => source with
        {
            Metadata = source.Metadata with { Annotations = new(StringComparer.Ordinal) { [ReconcileRequest.Annotation] = "2026-01-02T03:04:05Z" } },
        });
        await stage.SealedAsync("db", found => found.Status?.LastHandledReconcileAt == "2026-01-02T03:04:05Z");
    }

    /// <summary>The vector that the original made.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_form_of_the_first_versions_opens_unless_it_is_told_not_to(bool accepted)
    {
        var vectors = Path.Combine(Stage.RepositoryRoot(), "tests", "vectors", "sealed");
        await using var stage = await Stage.SetAsync();
        await ApplyAsync("secrets", "", YamlReader.Read(await File.ReadAllTextAsync(Path.Combine(vectors, "keys", "main.secret.yaml"), Ending))!.AsObject());
        await ApplyAsync("namespaces", "", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "team-a" } });
        var old = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(vectors, "cases", "29-legacy-v1-data", "sealed.json"), Ending))!.AsObject();
        old["spec"]!["encryptedData"] = new JsonObject(); // the definition demands it
        await ApplyAsync("sealedsecrets", "bitnami.com", old);
        await stage.StartAsync($"--accept-deprecated-v1-data={(accepted ? "true" : "false")}");

        if (accepted) await stage.UntilAsync(Controller.Secrets.ClusterKinds.Secrets, "team-a", all => all.FirstOrDefault(secret => Stage.Item(secret, "legacy") == "tok-3b3180e0ee27459f0c5bdd44"));
        else await stage.EventAsync("team-a", "pub-four", "ErrUnsealFailed", "using deprecated 'data' field, use 'encryptedData' or flip the feature flag");

        Task ApplyAsync(string resource, string group, JsonObject item) =>
            stage.Kube.CreateAsync(KubeKind.Untyped(new KubeResource(group, group.Length > 0 ? "v1alpha1" : "v1", resource, Namespaced: resource != "namespaces")), item, Ending);
    }

    [Fact]
    public async Task A_SealedSecret_becomes_a_Secret_with_status_and_event()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("password", "hunter2"), ("empty", ""));
        await stage.ApplyAsync(sealedSecret with
        {
            Spec = sealedSecret.Spec with { Template = new SecretTemplateSpec { Type = "example.com/credentials", Metadata = new ObjectMeta { Labels = new(StringComparer.Ordinal) { ["team"] = "a" } } } },
        });

        var secret = await stage.SecretAsync("db");
        var source = await stage.SyncedAsync("db", "True");
        Assert.Equal("hunter2", Stage.Item(secret, "password"));
        Assert.Equal("", Stage.Item(secret, "empty"));
        Assert.Equal("example.com/credentials", secret.Type);
        Assert.Equal("a", secret.Metadata.Labels!["team"]);
        var owner = Assert.Single(secret.Metadata.OwnerReferences!);
        Assert.Equal((SealedSecret.GroupVersion, "SealedSecret", "db", source.Metadata.Uid, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller));
        Assert.Equal(source.Status!.Conditions![0].LastUpdateTime, source.Status.Conditions[0].LastTransitionTime);
        Assert.Equal([TestKeys.Key("one").Fingerprint], source.Status.SealingKeys!);
        var told = await stage.EventAsync("shop", "db", "Unsealed");
        Assert.Equal("SealedSecret unsealed successfully", told["message"]!.GetValue<string>());
        Assert.Equal(("Normal", "sealed-secrets"), (told["type"]!.GetValue<string>(), told["source"]!["component"]!.GetValue<string>()));
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_SealedSecret_changes_its_Secret_and_removed_items_vanish()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"), ("b", "2"));
        await stage.SyncedAsync("db", "True");
        await stage.ChangeAsync("db", source => source with { Spec = TestKeys.Seal("one", "shop", "db", ("b", "3"), ("c", "4")).Spec });
        var secret = await stage.SecretAsync("db", "b", "3");
        Assert.Equal(["b", "c"], secret.Data!.Keys);
        Assert.Equal(2, (await stage.SyncedAsync("db", "True")).Status!.ObservedGeneration);
    }

    [Theory]
    [InlineData("other-name", "shop", null, false)]
    [InlineData("db", "elsewhere", null, false)]
    [InlineData("other-name", "shop", SealedSecretAnnotations.NamespaceWide, true)]
    [InlineData("db", "elsewhere", SealedSecretAnnotations.NamespaceWide, false)]
    [InlineData("other-name", "elsewhere", SealedSecretAnnotations.ClusterWide, true)]
    public async Task A_value_opens_only_within_its_scope(string sealedName, string sealedNamespace, string? annotation, bool opens)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", sealedNamespace, sealedName, annotation, ("a", "1"));
        await stage.ApplyAsync(sealedSecret with { Metadata = sealedSecret.Metadata with { Namespace = "shop", Name = "db" } });
        if (opens)
        {
            await stage.SecretAsync("db", "a", "1");
            return;
        }
        await stage.EventAsync("shop", "db", "ErrUnsealFailed", "Failed to unseal: no key could decrypt secret (a)");
        var source = await stage.SyncedAsync("db", "False", "no key could decrypt secret (a)");
        Assert.Equal(["Synced", "Ready", "Stalled"], source.Status!.Conditions!.Select(condition => condition.Type));
        Assert.Equal(["False", "False", "True"], source.Status.Conditions!.Select(condition => condition.Status));
    }

    [Theory]
    [InlineData("", "no key could decrypt secret (a)")]
    [InlineData("not base64!", "illegal base64 data at input byte 3 (a)")]
    [InlineData("Z2FyYmFnZQ==", "no key could decrypt secret (a)")]
    [InlineData("first half", "no key could decrypt secret (a)")]
    [InlineData("middle changed", "no key could decrypt secret (a)")]
    public async Task A_sealed_value_that_was_damaged_is_named_and_its_Secret_stays_as_it_was(string damage, string message)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var whole = await stage.ApplyAsync("db", ("a", "1"), ("b", "2"));
        await stage.SyncedAsync("db", "True");
        var before = await stage.SecretAsync("db");
        var sealedValue = whole.Spec.EncryptedData!["a"];
        var half = sealedValue.Length / 8 * 4;
        var damaged = damage switch
        {
            "first half" => sealedValue[..half],
            "middle changed" => sealedValue[..half] + (sealedValue[half] == 'A' ? 'B' : 'A') + sealedValue[(half + 1)..],
            _ => damage,
        };
        await stage.ChangeAsync("db", source => source with { Spec = source.Spec with { EncryptedData = new(source.Spec.EncryptedData!, StringComparer.Ordinal) { ["a"] = damaged } } });
        await stage.EventAsync("shop", "db", "ErrUnsealFailed", message);
        await stage.SyncedAsync("db", "False", message);
        var after = await stage.Kube.GetAsync(Controller.Secrets.ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken);
        Assert.Equal(before.Metadata.ResourceVersion, after.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_managed_Secret_is_taken_over_as_a_whole()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", [SealedSecretAnnotations.Managed, "other"], ("old", "x"));
        await stage.StartAsync();
        var source = await stage.ApplyAsync("db", ("a", "1"));
        var secret = await stage.SecretAsync("db", "a", "1");
        Assert.Equal(["a"], secret.Data!.Keys);
        Assert.Null(secret.Metadata.Annotations);
        Assert.Equal(source.Metadata.Uid, Assert.Single(secret.Metadata.OwnerReferences!).Uid);
        await stage.EventAsync("shop", "db", "Unsealed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_patched_Secret_keeps_what_it_has(bool managed)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.CreateSecretAsync("db", managed ? [SealedSecretAnnotations.Patch, SealedSecretAnnotations.Managed] : [SealedSecretAnnotations.Patch], ("old", "x"));
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        var secret = await stage.SecretAsync("db", "a", "1");
        Assert.Equal("x", Stage.Item(secret, "old"));
        Assert.Equal(managed ? 1 : 0, secret.Metadata.OwnerReferences?.Count ?? 0);
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task An_immutable_Secret_says_so_and_stays()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("a", "1"));
        await stage.ApplyAsync(sealedSecret with { Spec = sealedSecret.Spec with { Template = new SecretTemplateSpec { Immutable = true } } });
        Assert.True((await stage.SecretAsync("db")).Immutable);
        await stage.SyncedAsync("db", "True");
        await stage.ChangeAsync("db", source => source with { Spec = source.Spec with { EncryptedData = TestKeys.Seal("one", "shop", "db", ("a", "2")).Spec.EncryptedData } });
        await stage.EventAsync("shop", "db", "ErrUpdateFailed", "the target Secret is immutable");
        Assert.Equal(2, (await stage.SyncedAsync("db", "False", "the target Secret is immutable")).Status!.ObservedGeneration);
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task The_API_servers_words_about_a_Secret_of_a_SealedSecret_are_withheld()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("a", "1"));
        var template = new SecretTemplateSpec { Metadata = new ObjectMeta { Labels = new(StringComparer.Ordinal) { ["a"] = "hun ter2" } } };
        await stage.ApplyAsync(sealedSecret with { Spec = sealedSecret.Spec with { Template = template } });
        var refused = await stage.SyncedAsync("db", "False", "the API server does not accept metadata.labels (its words are withheld, as they may quote a value)");
        Assert.Equal("ErrUpdateFailed", refused.Status!.Conditions![0].Reason);
        var told = await stage.EventAsync("shop", "db", "ErrUpdateFailed", "the API server does not accept metadata.labels");
        Assert.DoesNotContain("hun ter2", told.ToJsonString() + stage.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_type_fails_clearly()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        await stage.ChangeAsync("db", source => source with { Spec = source.Spec with { Template = new SecretTemplateSpec { Type = "example.com/x" } } });
        await stage.SyncedAsync("db", "False", "delete the Secret to have it made as \"example.com/x\"");
        await stage.DeleteSecretAsync(Stage.Key("db"));
        Assert.Equal("example.com/x", (await stage.SecretAsync("db", secret => secret.Type != "Opaque")).Type);
        await stage.SyncedAsync("db", "True");
    }

    [Fact]
    public async Task A_template_that_carries_fields_of_the_server_does_not_break_creation()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("a", "1"));
        await stage.ApplyAsync(sealedSecret with
        {
            Spec = sealedSecret.Spec with { Template = new SecretTemplateSpec { Metadata = new ObjectMeta { ResourceVersion = "77", Uid = "0", Name = "x", Namespace = "y" } } },
        });
        await stage.SecretAsync("db", "a", "1");
    }

    [Fact]
    public async Task The_Secret_of_a_deleted_SealedSecret_is_deleted_here_if_asked_for()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--old-gc-behavior");
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SyncedAsync("db", "True");
        await stage.Kube.DeleteAsync(Controller.Sealed.SealedSecretKind.Instance.Resource, Stage.Key("db"), null, TestContext.Current.CancellationToken);
        await stage.CreateSecretAsync("sentinel", null);
        await stage.UntilAsync(Controller.Secrets.ClusterKinds.Secrets, "shop", all => all.Any(secret => secret.Metadata.Name == "db") ? null : all.FirstOrDefault(secret => secret.Metadata.Name == "sentinel"));
    }

    [Fact]
    public async Task Without_status_updates_all_else_works_and_who_waits_for_a_success_learns_of_it()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--update-status=false");
        await stage.ApplyAsync("db", ("a", "1"));
        var secret = await stage.SecretAsync("db", "a", "1");
        await stage.DeleteSecretAsync(Stage.Key("db"));
        await stage.SecretAsync("db", again => again.Metadata.Uid != secret.Metadata.Uid);
        var told = await stage.SealedAsync("db", found => found.Status?.ObservedGeneration == 1);
        Assert.Equal(new SealedSecretStatus { ObservedGeneration = 1 }, told.Status);
        await stage.ApplyAsync(TestKeys.Seal("three", Stage.Namespace, "bad", ("a", "1")));
        await stage.EventAsync(Stage.Namespace, "bad", "ErrUnsealFailed");
        Assert.Equal(-1, (await stage.SealedAsync("bad", _ => true)).Status!.ObservedGeneration);
        Assert.Equal(["db"], stage.Cluster.Requests.All().Where(request => request.Resource == "sealedsecrets/status").Select(request => request.Name));
    }

    [Fact]
    public async Task Without_status_updates_the_right_to_write_it_is_not_needed()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        using var fault = stage.Faults.Answer(403, new FaultMatch("update", "sealedsecrets/status"));
        var controller = await stage.StartAsync("--update-status=false");
        var passed = new TaskCompletionSource<WorkOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        controller.Worked += pass => passed.TrySetResult(pass.Outcome);
        await stage.ApplyAsync("db", ("a", "1"));
        Assert.Equal(WorkOutcome.Succeeded, await passed.Task.WaitAsync(Stage.Patience, TestContext.Current.CancellationToken));
        Assert.NotEqual(0, fault.Hits);
    }

    [Fact]
    public async Task Only_chosen_namespaces_are_served()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync("--additional-namespaces=shop");
        var elsewhere = TestKeys.Seal("one", "default", "db", ("a", "1"));
        await stage.ApplyAsync(elsewhere);
        await stage.ApplyAsync("db", ("a", "1"));
        await stage.SecretAsync("db", "a", "1");
        Assert.Null(await stage.Kube.FindAsync(Controller.Secrets.ClusterKinds.Secrets, new("default", "db"), TestContext.Current.CancellationToken));
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.Verb is "list" or "watch" && request.Namespace == "" && request.User.Contains("admin", StringComparison.Ordinal) && request.Resource == "secrets"));
    }

    [Theory]
    [InlineData("x:{{ .a | upper }}:{{ .none }}", "x:ONE:<no value>", null)]
    [InlineData("{{ env \"HOME\" }}", null, "template: url:1: function \"env\" not defined (url)")]
    [InlineData("{{ fail .a }}", null, "error calling fail (the reason is withheld, as it may quote a value) (url)")]
    public async Task Templates_are_rendered_and_a_bad_one_never_gives_half_a_Secret(string template, string? rendered, string? failure)
    {
        await using var stage = await Stage.SetAsync();
        await stage.PutKeyAsync("one");
        await stage.StartAsync();
        var sealedSecret = TestKeys.Seal("one", "shop", "db", ("a", "one"));
        await stage.ApplyAsync(sealedSecret with { Spec = sealedSecret.Spec with { Template = new SecretTemplateSpec { Data = new(StringComparer.Ordinal) { ["url"] = template } } } });
        if (rendered is not null)
        {
            Assert.Equal("one", Stage.Item(await stage.SecretAsync("db", "url", rendered), "a"));
            return;
        }
        await stage.SyncedAsync("db", "False", failure);
        Assert.Null(await stage.Kube.FindAsync(Controller.Secrets.ClusterKinds.Secrets, Stage.Key("db"), TestContext.Current.CancellationToken));
    }
}
