using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Kube;
using Microsoft.Extensions.Time.Testing;
using static GitOpsSecrets.Controller.Tests.External.Push.PushStage;

namespace GitOpsSecrets.Controller.Tests.External.Push;

/// <summary>PushSecret → store over the wire: what is written, what is taken back, and what is said about it.</summary>
public sealed class PushSecretTests
{
    [Fact]
    public async Task An_item_of_a_Secret_goes_to_a_store_and_follows_it()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"data: {Data}");
        var pushed = await ReadyAsync(stage, "True", "PushSecret synced successfully");
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
        Assert.Equal("Synced", pushed.Status!.Conditions![0].Reason);
        Assert.Equal(ExternalView.VersionOf(pushed.Metadata), pushed.Status.SyncedResourceVersion);
        Assert.Equal(["SecretStore/one"], pushed.Status.SyncedPushSecrets!.Keys);
        Assert.Equal(["remote"], pushed.Status.SyncedPushSecrets["SecretStore/one"].Keys);
        Assert.Null(pushed.Metadata.Finalizers);
        await stage.EventAsync("push", "Synced", "PushSecret synced successfully");
        await stage.PatchSecretAsync("source", """{"stringData":{"key":"two"}}""");
        await UntilAsync(stage, () => stage.Writable.Values["one/remote"] == "two");
        Assert.DoesNotContain("two", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_push_action_of_Argo_CD_pushes_again()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"data: {Data}");
        await ReadyAsync(stage, "True");
        stage.Writable.Values["one/remote"] = "edited at the store";
        await PatchAsync(stage, """{"metadata":{"annotations":{"force-sync":"2026-11-28T10:00:00Z"}}}""");
        await UntilAsync(stage, () => stage.Writable.Values["one/remote"] == "one");
    }

    [Fact]
    public async Task A_Secret_that_comes_later_is_pushed_when_it_comes()
    {
        await using var stage = await StartedAsync();
        await PushAsync(stage, $"data: {Data}");
        await ReadyAsync(stage, "False", "could not get source secret");
        await stage.CreateSecretAsync("source", ("key", "one"));
        await ReadyAsync(stage, "True");
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
    }

    [Fact]
    public async Task A_selector_that_chooses_nothing_is_told_and_not_tried_again()
    {
        await using var stage = await StartedAsync();
        await PushFromAsync(stage, "{secret: {}}", $"data: {Data}");
        var pushed = await ReadyAsync(stage, "False", "spec.selector.secret needs name or selector");
        Assert.Contains(pushed.Status!.Conditions!, condition => condition is { Type: "Stalled", Status: "True" });
    }

    [Theory]
    [InlineData("SecretStore")]
    [InlineData("ClusterSecretStore")]
    public async Task A_store_that_comes_later_is_pushed_to_when_it_comes(string kind)
    {
        await using var stage = await StartedAsync(store: null);
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"data: {Data}", $"[{{name: one, kind: {kind}}}]");
        await ReadyAsync(stage, "False", $"could not get {kind} \"one\"");
        await stage.ApplyAsync($"{{apiVersion: external-secrets.io/v1, kind: {kind}, metadata: {{name: one}}, spec: {{provider: {{writable: {{}}}}}}}}");
        var pushed = await ReadyAsync(stage, "True");
        Assert.Equal([kind + "/one"], pushed.Status!.SyncedPushSecrets!.Keys);
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
    }

    [Theory]
    [InlineData("ConfigMap", "configMap", "data")]
    [InlineData("Secret", "secret", "stringData")]
    public async Task A_template_is_read_from_where_it_lies_and_pushed_again_when_it_changes_there(string kind, string field, string data)
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"template: {{templateFrom: [{{{field}: {{name: texts, items: [{{key: url}}]}}}}]}}\n  data: [{{match: {{secretKey: url, remoteRef: {{remoteKey: remote}}}}}}]");
        await ReadyAsync(stage, "False", "could not apply template");
        // Comes later, is edited.
        await stage.ApplyAsync($$$"""{"apiVersion":"v1","kind":"{{{kind}}}","metadata":{"name":"texts"},"{{{data}}}":{"url":"{{ .key }}/first"}}""");
        await UntilAsync(stage, () => stage.Writable.Values.GetValueOrDefault("one/remote") == "one/first");
        var place = KubeKind.Untyped(new KubeResource("", "v1", kind == "Secret" ? "secrets" : "configmaps", true));
        await stage.Kube.PatchAsync(place, ExternalStage.Key("texts"), JsonNode.Parse($$$"""{"{{{data}}}":{"url":"{{ .key }}/second"}}""")!.AsObject(), TestContext.Current.CancellationToken);
        await UntilAsync(stage, () => stage.Writable.Values["one/remote"] == "one/second");
    }

    [Fact]
    public async Task A_store_that_is_edited_is_pushed_to_again()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"data: {Data}");
        await ReadyAsync(stage, "True");
        // Another place, behind the same name.
        stage.Writable.Values.Clear();
        await stage.PatchStoreAsync("one", """{"spec":{"provider":{"writable":{"place":"another"}}}}""");
        await UntilAsync(stage, () => stage.Writable.Values.GetValueOrDefault("one/remote") == "one");
    }

    [Fact]
    public async Task With_updatePolicy_IfNotExists_what_is_there_stays()
    {
        await using var stage = await StartedAsync();
        stage.Writable.Values["one/remote"] = "was here";
        await stage.CreateSecretAsync("source", ("key", "one"), ("new", "fresh"));
        await PushAsync(stage, "updatePolicy: IfNotExists\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}, {match: {secretKey: new, remoteRef: {remoteKey: new}}}]");
        var pushed = await ReadyAsync(stage, "True", "PushSecret synced successfully. Existing secrets in providers unchanged.");
        Assert.Equal(("was here", "fresh"), (stage.Writable.Values["one/remote"], stage.Writable.Values["one/new"]));
        Assert.Equal(["new"], pushed.Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        // Nor does a change of the source reach what it pushed itself.
        await stage.PatchSecretAsync("source", """{"stringData":{"new":"fresher"}}""");
        await PatchAsync(stage, """{"spec":{"data":[{"match":{"secretKey":"new","remoteRef":{"remoteKey":"new"}}},{"match":{"secretKey":"new","remoteRef":{"remoteKey":"newer"}}}]}}""");
        await UntilAsync(stage, () => stage.Writable.Values.GetValueOrDefault("one/newer") == "fresher");
        Assert.Equal("fresh", stage.Writable.Values["one/new"]);
    }

    [Fact]
    public async Task With_updatePolicy_IfNotExists_only_what_it_wrote_is_taken_back()
    {
        await using var stage = await StartedAsync();
        stage.Writable.Values["one/remote"] = "was here";
        await stage.CreateSecretAsync("source", ("key", "one"), ("new", "fresh"));
        await PushAsync(stage, "updatePolicy: IfNotExists\n  deletionPolicy: Delete\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}}, {match: {secretKey: new, remoteRef: {remoteKey: new}}}]");
        await ReadyAsync(stage, "True");
        // What it wrote is there at the next look, and still its own.
        await PatchAsync(stage, """{"metadata":{"annotations":{"again":"1"}},"spec":{"refreshInterval":"2h"}}""");
        var again = await ReadyAsync(stage, "True");
        Assert.Equal(["new"], again.Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, TestContext.Current.CancellationToken);
        await UntilAsync(stage, () => !stage.Writable.Values.ContainsKey("one/new"));
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Any() ? null : new PushSecret { Spec = new() { SecretStoreRefs = [], Selector = new() } });
        Assert.Equal("was here", stage.Writable.Values["one/remote"]);
        Assert.DoesNotContain("delete one/remote", stage.Writable.Calls);
    }

    [Fact]
    public async Task With_updatePolicy_IfNotExists_nothing_is_written_where_nobody_says_what_is_there()
    {
        await using var stage = await StartedAsync();
        stage.Writable.IsMute = true;
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"updatePolicy: IfNotExists\n  data: {Data}");
        var told = await ReadyAsync(stage, "False", "set secret failed: could not write remote ref key to target secretstore one: could not verify if secret exists in store: it does not say");
        Assert.Equal("Errored", told.Status!.Conditions![0].Reason);
        Assert.DoesNotContain(stage.Writable.Calls, call => call.StartsWith("push ", StringComparison.Ordinal));
        stage.Writable.IsMute = false;
        await ReadyAsync(stage, "True");
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_told_and_keeps_no_other_from_its_value()
    {
        await using var stage = await StartedAsync(store: null);
        stage.Writable.Shut = "one";
        await StoreAsync(stage, "one");
        await StoreAsync(stage, "two");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, $"data: {Data}", "[{name: one}, {name: two}]");
        var told = await ReadyAsync(stage, "False", "set secret failed: could not write remote ref key to target secretstore one: nobody answers");
        Assert.Equal(["SecretStore/two"], told.Status!.SyncedPushSecrets!.Keys);
        stage.Writable.Shut = null;
        await ReadyAsync(stage, "True");
        Assert.Equal(["one/remote", "two/remote"], stage.Writable.Values.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>The finalizer goes with the policy that it is for, so nobody need be there to take it off later.</summary>
    [Fact]
    public async Task Without_its_deletionPolicy_Delete_a_PushSecret_goes_and_leaves_what_it_pushed()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, """{"spec":{"deletionPolicy":"None"}}""");
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(push => push.Metadata.Finalizers is null or []));
        await stage.UntilAsync(ExternalKinds.SecretStores, ExternalStage.Namespace, all => all.FirstOrDefault(store => store.Metadata.Finalizers is null or []));
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, TestContext.Current.CancellationToken);
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
    }

    /// <summary>Both at once: the controller sees it when it is being deleted already.</summary>
    [Fact]
    public async Task A_PushSecret_that_loses_its_deletionPolicy_Delete_while_it_is_deleted_goes_and_leaves_what_it_pushed()
    {
        await using var stage = await ExternalStage.SetAsync();
        var first = await stage.StartAsync();
        await StoreAsync(stage, "one");
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        await stage.StopAsync(first);
        await PatchAsync(stage, """{"spec":{"deletionPolicy":"None"}}""");
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, TestContext.Current.CancellationToken);
        await stage.StartAsync();
        await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.Count == 0 ? all : null);
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
    }

    [Fact]
    public async Task With_deletionPolicy_Delete_what_is_wanted_no_more_is_taken_back_and_all_of_it_with_the_PushSecret()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"), ("other", "two"));
        await PushAsync(stage, "deletionPolicy: Delete\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: a}}}, {match: {secretKey: other, remoteRef: {remoteKey: b, property: p}}}]");
        var pushed = await ReadyAsync(stage, "True");
        Assert.Equal(["pushsecret.externalsecrets.io/finalizer"], pushed.Metadata.Finalizers);
        Assert.Equal(["a", "b/p"], pushed.Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        await stage.UntilAsync(ExternalKinds.SecretStores, ExternalStage.Namespace, all => all.FirstOrDefault(store => store.Metadata.Finalizers?.Contains("secretstore.externalsecrets.io/finalizer") == true));
        await PatchAsync(stage, """{"spec":{"data":[{"match":{"secretKey":"key","remoteRef":{"remoteKey":"a"}}}]}}""");
        await UntilAsync(stage, () => !stage.Writable.Values.ContainsKey("one/b#p"));
        Assert.Equal(["a"], (await ReadyAsync(stage, "True")).Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, TestContext.Current.CancellationToken);
        await UntilAsync(stage, () => stage.Writable.Values.IsEmpty);
        await stage.UntilAsync(ExternalKinds.SecretStores, ExternalStage.Namespace, all => all.FirstOrDefault(store => store.Metadata.Finalizers is null or []));
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.PushSecrets, ExternalStage.Key("push"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_taken_back_is_looked_for_with_the_metadata_it_was_pushed_with()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, "deletionPolicy: Delete\n  data: [{match: {secretKey: key, remoteRef: {remoteKey: remote}}, metadata: {kind: of}}]");
        await ReadyAsync(stage, "True");
        await stage.Kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalStage.Key("push"), null, TestContext.Current.CancellationToken);
        await UntilAsync(stage, () => stage.Writable.Values.IsEmpty);
        Assert.Contains("""delete one/remote {"kind":"of"}""", stage.Writable.Calls);
    }

    [Fact]
    public async Task A_store_that_is_left_out_gives_back_what_it_got()
    {
        await using var stage = await StartedAsync();
        await StoreAsync(stage, "two");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}", "[{name: one}, {name: two}]");
        await ReadyAsync(stage, "True");
        Assert.Equal(2, stage.Writable.Values.Count);
        await PatchAsync(stage, """{"spec":{"secretStoreRefs":[{"name":"two"}]}}""");
        await UntilAsync(stage, () => !stage.Writable.Values.ContainsKey("one/remote"));
        var pushed = await ReadyAsync(stage, "True");
        Assert.Equal(["SecretStore/two"], pushed.Status!.SyncedPushSecrets!.Keys);
    }

    [Fact]
    public async Task With_deletionPolicy_Delete_a_source_that_is_deleted_takes_along_what_was_pushed_and_a_new_one_is_pushed_again()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        await stage.DeleteSecretAsync("source");
        var told = await ReadyAsync(stage, "False", "source secret deleted; provider secrets cleaned up");
        Assert.Equal("SourceDeleted", told.Status!.Conditions![0].Reason);
        Assert.Null(told.Status.SyncedPushSecrets);
        Assert.Empty(stage.Writable.Values);
        await stage.CreateSecretAsync("source", ("key", "again"));
        await ReadyAsync(stage, "True");
        Assert.Equal("again", stage.Writable.Values["one/remote"]);
    }

    [Fact]
    public async Task With_deletionPolicy_None_a_source_that_is_deleted_leaves_what_was_pushed()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"data: {Data}");
        await ReadyAsync(stage, "True");
        await stage.DeleteSecretAsync("source");
        await ReadyAsync(stage, "False", "could not get source secret");
        Assert.Equal("one", stage.Writable.Values["one/remote"]);
    }

    [Fact]
    public async Task A_removal_that_fails_is_told_remembered_and_tried_again()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        stage.Writable.KeepsAll = true;
        await PatchAsync(stage, """{"spec":{"data":[{"match":{"secretKey":"key","remoteRef":{"remoteKey":"moved"}}}]}}""");
        var told = await ReadyAsync(stage, "False", "Failed to Delete Secrets from Provider: remote of SecretStore/one: it keeps what it has");
        Assert.Equal(["moved", "remote"], told.Status!.SyncedPushSecrets!["SecretStore/one"].Keys);
        stage.Writable.KeepsAll = false;
        await ReadyAsync(stage, "True");
        Assert.Equal(["one/moved"], stage.Writable.Values.Keys);
    }

    [Fact]
    public async Task A_store_that_is_left_out_and_gives_nothing_back_is_remembered_until_it_does()
    {
        await using var stage = await StartedAsync();
        await StoreAsync(stage, "two");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        stage.Writable.KeepsAll = true;
        await PatchAsync(stage, """{"spec":{"secretStoreRefs":[{"name":"two"}]}}""");
        var told = await ReadyAsync(stage, "False", "Failed to Delete Secrets from Provider: remote of SecretStore/one: it keeps what it has");
        Assert.Equal(["SecretStore/one", "SecretStore/two"], told.Status!.SyncedPushSecrets!.Keys);
        Assert.Equal("v", stage.Writable.Values["two/remote"]);
        stage.Writable.KeepsAll = false;
        Assert.Equal(["SecretStore/two"], (await ReadyAsync(stage, "True")).Status!.SyncedPushSecrets!.Keys);
        Assert.Equal(["two/remote"], stage.Writable.Values.Keys);
    }

    [Fact]
    public async Task A_store_that_fails_is_told_and_keeps_no_other_from_its_value()
    {
        await using var stage = await StartedAsync();
        await StoreAsync(stage, "two");
        stage.Writable.Broken = "one/";
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, $"data: {Data}", "[{name: one}, {name: two}]");
        var told = await ReadyAsync(stage, "False", "set secret failed: could not write remote ref key to target secretstore one: it is closed today");
        Assert.Equal("Errored", told.Status!.Conditions![0].Reason);
        Assert.Equal(["SecretStore/two"], told.Status.SyncedPushSecrets!.Keys);
        stage.Writable.Broken = null;
        await ReadyAsync(stage, "True");
        Assert.Equal("v", stage.Writable.Values["one/remote"]);
    }

    [Fact]
    public async Task An_item_that_is_not_there_is_told_and_pushed_when_it_comes()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("x", "y"));
        await PushAsync(stage, $"data: {Data}");
        var told = await ReadyAsync(stage, "False", "set secret failed: secret key key does not exist");
        Assert.Contains(told.Status!.Conditions!, condition => condition is { Type: "Stalled", Status: "True" });
        await stage.PatchSecretAsync("source", """{"stringData":{"key":"one"}}""");
        await ReadyAsync(stage, "True");
    }

    [Fact]
    public async Task Sources_and_stores_are_chosen_by_labels()
    {
        await using var stage = await StartedAsync(store: null);
        await StoreAsync(stage, "gold", "tier: gold");
        await StoreAsync(stage, "tin", "tier: tin");
        // What has the same labels elsewhere is nobody's here.
        await stage.NamespaceAsync("elsewhere");
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: theirs, namespace: elsewhere, labels: {tier: gold}}\nspec: {provider: {writable: {}}}");
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: theirs, namespace: elsewhere, labels: {push: \"yes\"}}\nstringData: {x: \"9\"}");
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: s1, labels: {push: \"yes\"}}\nstringData: {a: \"1\"}");
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: s2, labels: {push: \"yes\"}}\nstringData: {b: \"2\"}");
        await stage.CreateSecretAsync("s3", ("c", "3"));
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              secretStoreRefs: [{labelSelector: {matchLabels: {tier: gold}}}]
              selector: {secret: {selector: {matchLabels: {push: "yes"}}}}
              dataTo: [{storeRef: {labelSelector: {matchLabels: {tier: gold}}}}]
            """);
        await ReadyAsync(stage, "True");
        Assert.Equal(["gold/a", "gold/b"], stage.Writable.Values.Keys.Order(StringComparer.Ordinal));
        await stage.PatchSecretAsync("s3", """{"metadata":{"labels":{"push":"yes"}}}""");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("gold/c"));
        Assert.Equal(["gold/a", "gold/b", "gold/c"], stage.Writable.Values.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stores_of_the_cluster_are_chosen_by_labels()
    {
        await using var stage = await StartedAsync(store: null);
        foreach (var (name, tier) in ((string, string)[])[("all", "gold"), ("some", "tin")])
        {
            await stage.ApplyAsync($"{{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {{name: {name}, labels: {{tier: {tier}}}}}, spec: {{provider: {{writable: {{}}}}}}}}");
        }
        // A store of the namespace is not meant, whatever its labels.
        await StoreAsync(stage, "one", "tier: gold");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, $"data: {Data}", "[{kind: ClusterSecretStore, labelSelector: {matchLabels: {tier: gold}}}]");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("all/remote"));
        Assert.Equal(["ClusterSecretStore/all"], (await stage.UntilAsync(ExternalKinds.PushSecrets, ExternalStage.Namespace, all => all.FirstOrDefault(push => push.Status?.SyncedPushSecrets is not null))).Status!.SyncedPushSecrets!.Keys);
        Assert.Equal(["all/remote"], stage.Writable.Values.Keys);
    }

    [Fact]
    public async Task A_dataTo_for_none_of_the_stores_is_told_until_one_gets_the_label()
    {
        await using var stage = await StartedAsync(store: null);
        await StoreAsync(stage, "one", "tier: gold");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, "dataTo: [{storeRef: {labelSelector: {matchLabels: {env: prod}}}}]", "[{labelSelector: {matchLabels: {tier: gold}}}]");
        await ReadyAsync(stage, "False", "dataTo[0]: labelSelector does not match any store in secretStoreRefs");
        Assert.Empty(stage.Writable.Values);
        await stage.PatchStoreAsync("one", """{"metadata":{"labels":{"env":"prod"}}}""");
        await ReadyAsync(stage, "True");
        Assert.Equal("v", stage.Writable.Values["one/key"]);
    }

    [Fact]
    public async Task Templates_whole_Secrets_bundles_and_metadata_arrive()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("host", "h"), ("port", "1"));
        await PushAsync(stage, """
            template: {data: {url: "{{ .host }}:{{ .port }}", port: "{{ .port }}0"}}
              data: [{match: {secretKey: url, remoteRef: {remoteKey: url}}, metadata: {kind: of}}, {match: {remoteRef: {remoteKey: whole}}}]
              dataTo: [{storeRef: {name: one}, match: {regexp: "^(host|url)$"}, remoteKey: bundle}]
            """);
        await ReadyAsync(stage, "True");
        Assert.Equal("h:1 {\"kind\":\"of\"}", stage.Writable.Values["one/url"]);
        Assert.Equal("""{"host":"h","port":"10","url":"h:1"}""", stage.Writable.Values["one/whole"]);
        Assert.Equal("""{"host":"h","url":"h:1"}""", stage.Writable.Values["one/bundle"]);
    }

    [Fact]
    public async Task What_a_generator_makes_is_pushed_and_made_anew_when_the_interval_is_over()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await ExternalStage.SetAsync();
        var process = stage.Build(time);
        await process.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await StoreAsync(stage, "one");
        await stage.ApplyAsync("apiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: {name: pw}\nspec: {length: 8, noUpper: false, allowRepeat: true}");
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {name: push}
            spec:
              refreshInterval: 1h
              secretStoreRefs: [{name: one}]
              selector: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw}}
              data: [{match: {secretKey: password, remoteRef: {remoteKey: pw}}}]
            """);
        await ReadyAsync(stage, "True");
        Assert.Equal("1", stage.Writable.Values["one/pw"]);
        await UntilAsync(stage, () =>
        {
            time.Advance(TimeSpan.FromMinutes(30));
            return stage.Writable.Values["one/pw"] != "1";
        });
    }

    [Fact]
    public async Task A_restart_over_what_was_pushed_makes_no_call_and_no_write()
    {
        await using var stage = await StartedAsync();
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"deletionPolicy: Delete\n  data: {Data}");
        await ReadyAsync(stage, "True");
        var calls = stage.Writable.Calls.Count;
        var again = stage.Build(TimeProvider.System);
        await again.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        // Both look at it when it is touched by somebody whom it does not concern, and at a second one, which shows that they are through.
        await stage.CreateSecretAsync("second", ("key", "2"));
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: second}\nspec: {secretStoreRefs: [{name: one}], selector: {secret: {name: second}}, data: [{match: {secretKey: key, remoteRef: {remoteKey: second}}}]}");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("one/second"));
        Assert.DoesNotContain(stage.Writable.Calls.Skip(calls), call => call.EndsWith("/remote", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ClusterPushSecret_makes_one_in_every_chosen_namespace_and_takes_it_back()
    {
        await using var stage = await ClusterStoreAsync();
        await stage.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: source, namespace: team-a}\nstringData: {key: v}");
        await EverywhereAsync(stage, "labels: {made: here}");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("all/remote"));
        var made = await stage.Kube.GetAsync(ExternalKinds.PushSecrets, new("team-a", "push"), TestContext.Current.CancellationToken);
        Assert.Equal("here", made.Metadata.Labels!["made"]);
        await ProvisionedAsync(stage, "team-a");
        await stage.NamespaceAsync("team-b", ("tenant", "yes"));
        await ProvisionedAsync(stage, "team-a", "team-b");
        await stage.Kube.PatchAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new("", "team-b"), new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["tenant"] = null } } }, TestContext.Current.CancellationToken);
        await ProvisionedAsync(stage, "team-a");
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.PushSecrets, new("team-b", "push"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_ClusterPushSecret_leaves_what_somebody_else_made_and_takes_back_what_has_another_name()
    {
        await using var stage = await ClusterStoreAsync();
        await stage.NamespaceAsync("team-b", ("tenant", "yes"));
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: push, namespace: team-b}\nspec:\n  secretStoreRefs: [{name: own}]\n  selector: {secret: {name: source}}");
        await EverywhereAsync(stage, "annotations: {made: here}");
        var told = await stage.UntilAsync(ExternalKinds.ClusterPushSecrets, "", all => all.FirstOrDefault(found => found.Status is { ProvisionedNamespaces: ["team-a"], FailedNamespaces: not null }));
        Assert.Equal(new FailedNamespace { Namespace = "team-b", Reason = "push secret already exists in namespace" }, Assert.Single(told.Status!.FailedNamespaces!));
        Assert.Equal(("Ready", "False"), (told.Status.Conditions![0].Type, told.Status.Conditions[0].Status));
        var made = await stage.Kube.GetAsync(ExternalKinds.PushSecrets, new("team-a", "push"), TestContext.Current.CancellationToken);
        Assert.Equal("here", made.Metadata.Annotations!["made"]);
        await stage.Kube.PatchAsync(ExternalKinds.ClusterPushSecrets, new("", "everywhere"), JsonNode.Parse("""{"spec":{"pushSecretName":"renamed"}}""")!.AsObject(), TestContext.Current.CancellationToken);
        await ProvisionedAsync(stage, "team-a", "team-b");
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.PushSecrets, new("team-a", "push"), TestContext.Current.CancellationToken));
        var foreign = await stage.Kube.GetAsync(ExternalKinds.PushSecrets, new("team-b", "push"), TestContext.Current.CancellationToken);
        Assert.Equal("own", Assert.Single(foreign.Spec.SecretStoreRefs).Name);
    }

    [Fact]
    public async Task Nothing_goes_to_a_store_of_another_controller_or_to_one_that_does_not_admit_the_namespace()
    {
        await using var stage = await StartedAsync();
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: foreign}\nspec: {controller: another, provider: {writable: {}}}");
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: closed}\nspec: {provider: {writable: {}}, conditions: [{namespaces: [elsewhere]}]}");
        await stage.CreateSecretAsync("source", ("key", "v"));
        await PushAsync(stage, $"data: {Data}", "[{name: foreign}, {name: one}]");
        await ReadyAsync(stage, "True");
        await PatchAsync(stage, """{"spec":{"secretStoreRefs":[{"name":"closed","kind":"ClusterSecretStore"}]}}""");
        await ReadyAsync(stage, "False", "using cluster store \"closed\" is not allowed from namespace \"shop\": denied by spec.condition");
        await PatchAsync(stage, """{"spec":{"secretStoreRefs":[{"kind":"ClusterSecretStore","labelSelector":{}}]}}""");
        await ReadyAsync(stage, "True");
        Assert.Equal(["one/remote"], stage.Writable.Values.Keys);
        // One that has foreign stores alone is the other's: it is not even looked at.
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: theirs}\nspec:\n  secretStoreRefs: [{name: foreign}]\n  selector: {secret: {name: source}}\n  data: " + Data);
        await PatchAsync(stage, """{"spec":{"secretStoreRefs":[{"name":"one"}],"data":[{"match":{"secretKey":"key","remoteRef":{"remoteKey":"later"}}}]}}""");
        await UntilAsync(stage, () => stage.Writable.Values.ContainsKey("one/later"));
        Assert.Equal(ExternalStage.NotSeen, (await stage.Kube.GetAsync(ExternalKinds.PushSecrets, ExternalStage.Key("theirs"), TestContext.Current.CancellationToken)).Status!.ObservedGeneration);
        Assert.DoesNotContain(stage.Writable.Calls, call => call.Contains("foreign", StringComparison.Ordinal) || call.Contains("closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_pushing_switched_off_nothing_is_pushed_and_nothing_made()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync("--enable-push-secret-reconciler=false", "--enable-cluster-push-secret-reconciler=false");
        await StoreAsync(stage, "one");
        await stage.CreateSecretAsync("source", ("key", "one"));
        await PushAsync(stage, $"data: {Data}");
        // What is served all the same comes later, and is done.
        stage.Provider.Values["k"] = "v";
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        Assert.Empty(stage.Writable.Values);
        Assert.DoesNotContain(stage.Cluster.Requests.All(), request => request is { Resource: "pushsecrets" or "clusterpushsecrets", Verb: "list" or "watch" });
    }

    /// <summary>A store of the cluster, and a namespace that a ClusterPushSecret chooses.</summary>
    private static async Task<ExternalStage> ClusterStoreAsync()
    {
        var stage = await StartedAsync(store: null);
        await stage.ApplyAsync("apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: all}\nspec: {provider: {writable: {}}}");
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        return stage;
    }

    private static Task EverywhereAsync(ExternalStage stage, string metadata) => stage.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1alpha1
        kind: ClusterPushSecret
        metadata: {name: everywhere}
        spec:
          pushSecretName: push
          pushSecretMetadata: { {{{metadata}}} }
          namespaceSelectors: [{matchLabels: {tenant: "yes"}}]
          pushSecretSpec:
            secretStoreRefs: [{name: all, kind: ClusterSecretStore}]
            selector: {secret: {name: source}}
            data: {{{Data}}}
        """);

    private static Task<ClusterPushSecret> ProvisionedAsync(ExternalStage stage, params string[] namespaces) => stage.UntilAsync(ExternalKinds.ClusterPushSecrets, "", all => all.FirstOrDefault(found =>
        found.Status?.Conditions?[0] is { Type: "Ready", Status: "True" } && (found.Status.ProvisionedNamespaces ?? []).SequenceEqual(namespaces)));
}
