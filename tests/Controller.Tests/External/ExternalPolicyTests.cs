using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Creation and deletion policies, ownership, templates, over the wire.</summary>
public sealed class ExternalPolicyTests
{
    [Fact]
    public async Task Merge_waits_for_the_Secret_writes_its_own_keys_and_takes_back_only_those()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{creationPolicy: Merge}", "1h", ("a", "k"), ("b", "k"));
        var missing = await stage.ReadyAsync("db", "True", "secret will not be created due to CreationPolicy=Merge");
        Assert.Equal("SecretMissing", missing.Status!.Conditions![0].Reason);
        await stage.CreateSecretAsync("db", ("theirs", "x"));
        var merged = await stage.SecretAsync("db", "a", "v");
        Assert.Equal(["a", "b", "theirs"], merged.Data!.Keys);
        Assert.Null(merged.Metadata.OwnerReferences);
        await stage.PatchAsync("db", """{"spec":{"data":[{"secretKey":"a","remoteRef":{"key":"k"}}]}}""");
        Assert.Equal(["a", "theirs"], (await stage.SecretAsync("db", secret => !secret.Data!.ContainsKey("b"))).Data!.Keys);
    }

    [Fact]
    public async Task Orphan_replaces_all_data_and_owns_nothing()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.CreateSecretAsync("db", ("theirs", "x"));
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{creationPolicy: Orphan}", "1h", ("a", "k"));
        var secret = await stage.SecretAsync("db", "a", "v");
        Assert.Equal(["a"], secret.Data!.Keys);
        Assert.Null(secret.Metadata.OwnerReferences);
        Assert.DoesNotContain("reconcile.external-secrets.io/created-by", secret.Metadata.Labels!.Keys);
    }

    [Fact]
    public async Task CreateOrMerge_creates_and_keeps_what_is_not_its_own()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.CreateSecretAsync("there", ("theirs", "x"));
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("there", "{creationPolicy: CreateOrMerge}", "1h", ("a", "k"));
        await stage.ExternalAsync("new", "{creationPolicy: CreateOrMerge}", "1h", ("a", "k"));
        Assert.Equal(["a", "theirs"], (await stage.SecretAsync("there", "a", "v")).Data!.Keys);
        Assert.Equal(["a"], (await stage.SecretAsync("new", "a", "v")).Data!.Keys);
    }

    [Fact]
    public async Task None_writes_nothing_and_asks_no_provider()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{creationPolicy: None}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True", "secret synced");
        Assert.Empty(stage.Provider.Calls);
    }

    /// <summary>The original puts its label on whatever has the name, before it asks whose it is.</summary>
    [Fact]
    public async Task A_Secret_that_is_not_written_is_not_marked_either()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        var theirs = await stage.CreateSecretAsync("db", ("theirs", "x"));
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{creationPolicy: None}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True", "secret synced");
        await stage.ExternalAsync("one", "{name: both}", "1h", ("a", "k"));
        var owned = await stage.SecretAsync("both", "a", "v");
        await stage.ExternalAsync("two", "{name: both}", "1h", ("b", "k"));
        await stage.ReadyAsync("two", "False", "target is owned by another ExternalSecret: both belongs to ExternalSecret one");
        foreach (var before in (Api.Secret[])[theirs, owned])
        {
            Assert.Equal(before.Metadata.ResourceVersion, (await stage.Kube.GetAsync(ClusterKinds.Secrets, ExternalStage.Key(before.Metadata.Name!), TestContext.Current.CancellationToken)).Metadata.ResourceVersion);
        }
    }

    [Fact]
    public async Task A_Secret_of_another_ExternalSecret_is_left_to_it_until_it_is_free()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "first";
        stage.Provider.Values["l"] = "second";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("one", "{name: both}", "1h", ("a", "k"));
        await stage.SecretAsync("both", "a", "first");
        await stage.ReadyAsync("one", "True");
        await stage.ExternalAsync("two", "{name: both}", "1h", ("a", "l"));
        var refused = await stage.ReadyAsync("two", "False", "target is owned by another ExternalSecret: both belongs to ExternalSecret one");
        Assert.Equal("Stalled", refused.Status!.Conditions![1].Type);
        await stage.PatchAsync("one", """{"spec":{"target":{"name":"own"}}}""");
        await stage.SecretAsync("own", "a", "first");
        await stage.SecretAsync("both", "a", "second");
        Assert.Single((await stage.ReadyAsync("two", "True")).Status!.Conditions!);
    }

    [Fact]
    public async Task A_renamed_target_leaves_no_orphan()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{name: old}", "1h", ("a", "k"));
        await stage.SecretAsync("old", "a", "v");
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"spec":{"target":{"name":"new"}}}""");
        await stage.SecretAsync("new", "a", "v");
        await stage.EventAsync("db", "Deleted", "secret deleted because it was orphaned");
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, ExternalStage.Key("old"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_target_renamed_to_what_cannot_be_had_keeps_its_Secret()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("another", "{name: anothers}", "1h", ("a", "k"));
        await stage.ReadyAsync("another", "True");
        await stage.ExternalAsync("db", "{name: old}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"spec":{"target":{"name":"anothers"}}}""");
        await stage.ReadyAsync("db", "False", "owned by another");
        await stage.SecretAsync("old", "a", "v");
        await stage.PatchAsync("db", """{"spec":{"target":{"name":"new","template":{"metadata":{"labels":{"a":"no label"}}}}}}""");
        await stage.ReadyAsync("db", "False", "does not accept");
        await stage.SecretAsync("old", "a", "v");
    }

    [Fact]
    public async Task Two_that_exchange_their_names_do_not_wait_for_each_other()
    {
        await using var stage = await ExternalStage.SetAsync();
        (stage.Provider.Values["k"], stage.Provider.Values["l"]) = ("first", "second");
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("one", "{name: left}", "1h", ("a", "k"));
        await stage.ExternalAsync("two", "{name: right}", "1h", ("a", "l"));
        await stage.ReadyAsync("one", "True");
        await stage.ReadyAsync("two", "True");
        await stage.PatchAsync("one", """{"spec":{"target":{"name":"right"}}}""");
        await stage.PatchAsync("two", """{"spec":{"target":{"name":"left"}}}""");
        await stage.SecretAsync("right", "a", "first");
        await stage.SecretAsync("left", "a", "second");
    }

    [Fact]
    public async Task One_that_waits_for_the_name_of_another_that_waits_gives_nothing_up()
    {
        await using var stage = await ExternalStage.SetAsync();
        (stage.Provider.Values["k"], stage.Provider.Values["l"]) = ("first", "second");
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("one", "{name: left}", "1h", ("a", "k"));
        await stage.ExternalAsync("two", "{name: right}", "1h", ("a", "l"));
        await stage.ExternalAsync("three", "{name: kept}", "1h", ("a", "l"));
        foreach (var name in (string[])["one", "two", "three"]) await stage.ReadyAsync(name, "True");
        await stage.PatchAsync("two", """{"spec":{"target":{"name":"kept"}}}""");
        await stage.ReadyAsync("two", "False");
        await stage.PatchAsync("one", """{"spec":{"target":{"name":"right"}}}""");
        await stage.ReadyAsync("one", "False");
        await stage.SecretAsync("left", "a", "first");
        await stage.SecretAsync("right", "a", "second");
        await stage.PatchAsync("three", """{"spec":{"target":{"name":"free"}}}""");
        foreach (var name in (string[])["one", "two", "three"]) await stage.ReadyAsync(name, "True");
        await stage.SecretAsync("right", "a", "first");
    }

    [Fact]
    public async Task The_API_servers_words_about_a_Secret_are_withheld_as_they_quote_values()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "hun ter2";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{template: {metadata: {labels: {a: \"{{ .a }}\"}}}}", "1h", ("a", "k"));
        var refused = await stage.ReadyAsync("db", "False", "does not accept metadata.labels");
        Assert.DoesNotContain("hun ter2", refused.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hun ter2", (await stage.EventAsync("db", "UpdateFailed")).ToJsonString() + stage.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "could not update secret: the API server does not let the controller read configmaps: its role lacks that, unless ")]
    [InlineData(422, "could not update secret: the API server answers 422 ")]
    public async Task What_the_API_server_refuses_on_the_way_to_the_Secret_is_told_in_our_own_words(int code, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        Assert.SkipWhen(stage.Cluster.IsReal, "a real one refuses nothing when it is asked to");
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(code, new FaultMatch("get", "configmaps"));
        await stage.ExternalAsync("db", "{template: {templateFrom: [{configMap: {name: texts, items: [{key: t}]}}]}}", "1h", ("a", "k"));
        var message = (await stage.ReadyAsync("db", "False", told)).Status!.Conditions![0].Message;
        Assert.EndsWith(code == 403 ? "is being deleted" : "when asked to read configmaps (its words are withheld, as they may quote a value)", message, StringComparison.Ordinal);
        await stage.EventAsync("db", "UpdateFailed", told["could not update secret: ".Length..]);
    }

    [Fact]
    public async Task A_target_that_is_renamed_before_the_watch_has_shown_it_leaves_no_orphan()
    {
        await using var stage = await ExternalStage.SetAsync();
        Assert.SkipWhen(stage.Cluster.IsReal, "the watch of the Secrets has to be broken");
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        var faults = ((LocalTestCluster)stage.Cluster).Server.Faults;
        using var broken = faults.Disconnect(new FaultMatch("watch", PathContains: "/api/v1/secrets"));
        faults.DropWatches(new FaultMatch("watch", "secrets"));
        await stage.ExternalAsync("db", "{name: old}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"spec":{"target":{"name":"new"}}}""");
        await stage.ReadyAsync("db", "True");
        await stage.SecretAsync("new", "a", "v");
        await stage.EventAsync("db", "Deleted", "secret deleted because it was orphaned");
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, ExternalStage.Key("old"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task With_Delete_the_Secret_goes_with_its_values_and_a_foreign_one_stays()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.CreateSecretAsync("foreign", ("theirs", "x"));
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{deletionPolicy: Delete}", "1h", ("a", "k"));
        await stage.SecretAsync("db", "a", "v");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values.TryRemove("k", out _);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        await stage.EventAsync("db", "MissingProviderSecret", "secret does not exist at provider using spec.data[0] (key=k)");
        var deleted = await stage.ReadyAsync("db", "True", "secret deleted due to DeletionPolicy=Delete");
        Assert.Equal("SecretDeleted", deleted.Status!.Conditions![0].Reason);
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, ExternalStage.Key("db"), TestContext.Current.CancellationToken));
        await stage.ExternalAsync("foreign", "{deletionPolicy: Delete}", "1h", ("a", "k"));
        await stage.ReadyAsync("foreign", "False", "could not delete secret: foreign is not this ExternalSecret's, so it stays");
        await stage.SecretAsync("foreign", "theirs", "x");
    }

    [Fact]
    public async Task With_deletionPolicy_Merge_the_keys_go_whose_values_are_gone()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        stage.Provider.Values["l"] = "w";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{deletionPolicy: Merge}", "1h", ("a", "k"), ("b", "l"));
        await stage.SecretAsync("db", "b", "w");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values.TryRemove("l", out _);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        Assert.Equal(["a"], (await stage.SecretAsync("db", secret => !secret.Data!.ContainsKey("b"))).Data!.Keys);
    }

    [Fact]
    public async Task An_optional_key_may_be_missing()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = """{"user":"me"}""";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, annotations: {gitopssecrets.io/optional-keys: "password, token"}}
            spec:
              secretStoreRef: {name: store}
              data:
              - {secretKey: user, remoteRef: {key: k, property: user}}
              - {secretKey: password, remoteRef: {key: k, property: password}}
              - {secretKey: token, remoteRef: {key: absent}}
            """);
        Assert.Equal(["user"], (await stage.SecretAsync("db", "user", "me")).Data!.Keys);
    }

    [Fact]
    public async Task A_template_is_rendered_and_a_change_of_what_it_names_is_followed()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: texts}
            data: {url: "a={{ .a }}"}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, labels: {team: x}}
            spec:
              secretStoreRef: {name: store}
              target:
                template:
                  type: kubernetes.io/basic-auth
                  metadata: {labels: {made: "of-{{ .a }}"}}
                  data: {username: "u", password: "{{ .a | upper }}"}
                  templateFrom: [{configMap: {name: texts, items: [{key: url}]}}]
              data: [{secretKey: a, remoteRef: {key: k}}]
            """);
        var secret = await stage.SecretAsync("db", "password", "V");
        Assert.Equal(("a=v", "kubernetes.io/basic-auth", "of-v"), (Stage.Item(secret, "url"), secret.Type, secret.Metadata.Labels!["made"]));
        Assert.DoesNotContain("team", secret.Metadata.Labels.Keys);
        await stage.ReadyAsync("db", "True");
        await stage.Kube.PatchAsync(ExternalKinds.ConfigMaps, ExternalStage.Key("texts"), new() { ["data"] = new System.Text.Json.Nodes.JsonObject { ["url"] = "b={{ .a }}" } }, TestContext.Current.CancellationToken);
        await stage.SecretAsync("db", "url", "b=v");
        await stage.PatchAsync("db", """{"spec":{"target":{"template":{"data":{"password":"{{ .nope }}"}}}}}""");
        await stage.ReadyAsync("db", "False", "could not update secret: could not apply template: template.data \"password\"");
        await stage.SecretAsync("db", "password", "V");
    }

    [Fact]
    public async Task A_template_in_a_Secret_is_read_from_it_and_what_changes_there_arrives()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.CreateSecretAsync("texts", ("url", "a={{ .a }}"));
        await stage.ExternalAsync("db", "{template: {templateFrom: [{secret: {name: texts, items: [{key: url}]}}]}}", "1h", ("a", "k"));
        await stage.SecretAsync("db", "url", "a=v");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Calls.Clear();
        await stage.PatchSecretAsync("texts", """{"data":{"url":"Yj17eyAuYSB9fQ=="}}""");
        await stage.SecretAsync("db", "url", "b=v");
        Assert.Empty(stage.Provider.Calls);
    }

    [Fact]
    public async Task Labels_and_annotations_go_to_the_Secret_but_not_those_of_the_tools_that_track_the_ExternalSecret()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata:
              name: db
              labels: {team: x, gone: soon, app.kubernetes.io/name: shop, app.kubernetes.io/instance: shop}
              annotations: {note: text, argocd.argoproj.io/tracking-id: "app:ExternalSecret", kubectl.kubernetes.io/last-applied-configuration: "{}"}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        var secret = await stage.SecretAsync("db", "a", "v");
        Assert.Equal(("x", "shop"), (secret.Metadata.Labels!["team"], secret.Metadata.Labels["app.kubernetes.io/name"]));
        // Argo CD tracks by this label where it is told to, and did by default before 3.0.
        Assert.DoesNotContain("app.kubernetes.io/instance", secret.Metadata.Labels.Keys);
        Assert.Equal(["note", "reconcile.external-secrets.io/data-hash"], secret.Metadata.Annotations!.Keys);
        await stage.PatchSecretAsync("db", """{"metadata":{"labels":{"theirs":"z"}}}""");
        await stage.PatchAsync("db", """{"metadata":{"labels":{"gone":null}}}""");
        var next = await stage.SecretAsync("db", found => !found.Metadata.Labels!.ContainsKey("gone"));
        Assert.Equal("z", next.Metadata.Labels!["theirs"]);
        await stage.PatchSecretAsync("db", """{"metadata":{"labels":{"team":"hacked"}}}""");
        await stage.SecretAsync("db", found => found.Metadata.Labels!["team"] == "x");
    }

    /// <summary>What the Secret has from its ExternalSecret, edited by hand. The original looks at the data and its own mark alone until the next refresh.</summary>
    [Theory]
    [InlineData("""{"annotations":{"note":"edited"}}""")]
    [InlineData("""{"annotations":{"note":null}}""")]
    [InlineData("""{"annotations":{"reconcile.external-secrets.io/data-hash":"edited"}}""")]
    [InlineData("""{"labels":{"team":null,"reconcile.external-secrets.io/managed":null,"reconcile.external-secrets.io/created-by":"edited"}}""")]
    [InlineData("""{"ownerReferences":null}""")]
    [InlineData("""{"ownerReferences":[{"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","name":"db","uid":"UID","controller":false,"blockOwnerDeletion":false}]}""")]
    [InlineData("""{"ownerReferences":[{"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","name":"db","uid":"of-one-before","controller":true,"blockOwnerDeletion":true}]}""")]
    public async Task Metadata_of_the_Secret_that_somebody_edits_are_put_right_without_a_call_to_the_provider(string metadata)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, labels: {team: x}, annotations: {note: text}}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        var right = await stage.SecretAsync("db", "a", "v");
        await stage.ReadyAsync("db", "True");
        var edited = await stage.PatchSecretAsync("db", $$"""{"metadata":{{metadata.Replace("UID", right.Metadata.OwnerReferences![0].Uid, StringComparison.Ordinal)}} }""");
        Assert.NotEqual(Shown(right), Shown(edited));
        await stage.SecretAsync("db", secret => Shown(secret) == Shown(right));
        // What is owned by one that is no more may be collected before it is put right: a deleted Secret is made with values of that moment.
        Assert.InRange(stage.Provider.Calls.Count, 1, metadata.Contains("of-one-before", StringComparison.Ordinal) ? 2 : 1);

        static string Shown(Api.Secret secret) =>
            $"{string.Join(' ', secret.Metadata.Labels ?? [])} {string.Join(' ', secret.Metadata.Annotations ?? [])} {string.Join(' ', secret.Metadata.OwnerReferences ?? [])}";
    }

    /// <summary>The API server lets nobody change it; and who asks for none gets what is there, as in the original.</summary>
    [Fact]
    public async Task The_type_of_a_Secret_that_is_there_stays_where_the_template_asks_for_none()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.ApplyAsync("{apiVersion: v1, kind: Secret, metadata: {name: db}, type: example.com/theirs, stringData: {old: x}}");
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        var adopted = await stage.SecretAsync("db", "a", "v");
        Assert.Equal(("example.com/theirs", "a"), (adopted.Type, string.Join(' ', adopted.Data!.Keys)));
        Assert.Single(adopted.Metadata.OwnerReferences!);
        await stage.ReadyAsync("db", "True", "secret synced");
        await stage.PatchAsync("db", """{"spec":{"target":{"template":{"type":"Opaque"}}}}""");
        var made = await stage.SecretAsync("db", secret => secret.Type == "Opaque");
        Assert.NotEqual(adopted.Metadata.Uid, made.Metadata.Uid);
    }

    [Fact]
    public async Task What_was_to_be_immutable_keeps_its_data_and_says_so_also_after_a_restart()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        var first = await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{immutable: true}", "1h", ("a", "k"));
        var frozen = await stage.SecretAsync("db", "a", "1");
        Assert.True(frozen.Immutable);
        Assert.Equal("secret synced", (await stage.ReadyAsync("db", "True")).Status!.Conditions![0].Message);
        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.ReadyAsync("db", "True", "secret synced; it is immutable, as was asked for, and keeps its data");
        Assert.Equal(["k", "k"], stage.Provider.Calls);
        await UntouchedAsync();

        await stage.StopAsync(first);
        stage.Cluster.Requests.Clear();
        var looked = Task.CompletedTask;
        stage.Build(TimeProvider.System, built => looked = ExternalStage.PassesAsync(built, 1));
        await looked;
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.IsWrite && request.Namespace == ExternalStage.Namespace));
        Assert.Equal(["k", "k"], stage.Provider.Calls);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"2"}}}""");
        await stage.SourceAsync("db", source => source.Status!.SyncedResourceVersion == ExternalView.VersionOf(source));
        await stage.ReadyAsync("db", "True", "keeps its data");
        Assert.Equal(["k", "k", "k"], stage.Provider.Calls);
        await UntouchedAsync();

        // Deleted, it is made anew.
        await stage.DeleteSecretAsync("db");
        Assert.True((await stage.SecretAsync("db", "a", "2")).Immutable);

        async Task UntouchedAsync()
        {
            var now = await stage.Kube.GetAsync(ClusterKinds.Secrets, ExternalStage.Key("db"), TestContext.Current.CancellationToken);
            Assert.Equal((frozen.Metadata.ResourceVersion, "1"), (now.Metadata.ResourceVersion, Stage.Item(now, "a")));
        }
    }

    [Fact]
    public async Task A_finalizer_of_the_original_does_not_hold_a_deleted_object()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.PatchAsync("db", """{"metadata":{"finalizers":["externalsecrets.external-secrets.io/externalsecret-cleanup","other/one"]}}""");
        await stage.Kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalStage.Key("db"), null, TestContext.Current.CancellationToken);
        await stage.SourceAsync("db", source => source.Metadata.DeletionTimestamp is not null && source.Metadata.Finalizers is ["other/one"]);
    }

    [Fact]
    public async Task A_generator_makes_values_and_an_edit_of_a_label_does_not_make_new_ones()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: Password
            metadata: {name: gen}
            spec: {length: 8}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: gen}}}]
            """);
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        await stage.PatchSecretAsync("db", """{"metadata":{"labels":{"touched":"yes"}}}""");
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        await stage.SourceAsync("db", source => source.Metadata.Annotation("force") == "1" && source.Status!.SyncedResourceVersion == ExternalView.VersionOf(source));
        await stage.SecretAsync("db", "password", "2");
    }

    [Fact]
    public async Task A_label_of_a_generated_Secret_that_somebody_edited_stays_until_the_next_refresh_and_so_do_the_values()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: Password
            metadata: {name: gen}
            spec: {length: 8}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              target: {template: {metadata: {labels: {ours: "1"}}}}
              dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: gen}}}]
            """);
        await stage.SecretAsync("db", "password", "1");
        await stage.ReadyAsync("db", "True");
        var looked = ExternalStage.PassesAsync(controller, 1);
        await stage.PatchSecretAsync("db", """{"metadata":{"labels":{"ours":"theirs"}}}""");
        await looked;
        var kept = await stage.SecretAsync("db", "password", "1");
        Assert.Equal("theirs", kept.Metadata.Labels!["ours"]);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        var refreshed = await stage.SecretAsync("db", "password", "2");
        Assert.Equal("1", refreshed.Metadata.Labels!["ours"]);
    }

    [Fact]
    public async Task Merge_without_its_Secret_asks_no_provider_again_when_it_is_looked_at()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{creationPolicy: Merge}", "1h", ("a", "k"));
        await stage.ReadyAsync("db", "True", "secret will not be created due to CreationPolicy=Merge");
        await stage.CreateSecretAsync("db", ("theirs", "x"));
        await stage.SecretAsync("db", "a", "v");
        await stage.ReadyAsync("db", "True", "secret synced");
        await stage.DeleteSecretAsync("db");
        await stage.ReadyAsync("db", "True", "secret will not be created due to CreationPolicy=Merge");
        Assert.Single(stage.Provider.Calls);
    }

    [Fact]
    public async Task A_conversion_strategy_of_one_entry_has_no_keys_to_convert_and_this_is_told()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["a/b"] = "v/w";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a_b, remoteRef: {key: a/b, conversionStrategy: Unicode}}]}
            """);
        Assert.Equal(["a_b"], (await stage.SecretAsync("db", "a_b", "v/w")).Data!.Keys);
        await stage.ReadyAsync("db", "True", "secret synced; without effect: spec.data[0].remoteRef.conversionStrategy");
    }

    [Fact]
    public async Task Sets_of_values_are_found_rewritten_and_overridden_by_single_ones()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["app/one"] = "1";
        stage.Provider.Values["app/two"] = "2";
        stage.Provider.Values["doc"] = """{"x":"extracted","y":"kept"}""";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              secretStoreRef: {name: store}
              dataFrom:
              - find: {name: {regexp: app/}}
                rewrite: [{regexp: {source: "app/(.*)", target: "$1"}}]
              - find: {name: {regexp: app/}}
              - extract: {key: doc}
              data: [{secretKey: x, remoteRef: {key: app/two}}]
            """);
        var secret = await stage.SecretAsync("db", "x", "2");
        Assert.Equal(["app_one", "app_two", "one", "two", "x", "y"], secret.Data!.Keys);
    }
}
