using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Tests.Runtime;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Providers;
using GitOpsSecrets.TestClusters;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>ExternalSecret → Secret over the wire: what is written, and what is said about it.</summary>
public sealed class ExternalSyncTests
{
    /// <summary>It sets an annotation without a prefix. With an interval of zero Argo CD offers the action for OnChange only.</summary>
    [Theory]
    [InlineData("1h", "Periodic")]
    [InlineData("0s", "OnChange")]
    public async Task The_refresh_action_of_Argo_CD_fetches_anew(string interval, string policy)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", "{}", $"{interval}\n  refreshPolicy: {policy}", ("a", "k"));
        await stage.SecretAsync("db", "a", "1");
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"2026-11-28T10:00:00Z"}}}""");
        await stage.SecretAsync("db", "a", "2");
    }

    [Fact]
    public async Task A_value_of_a_store_becomes_a_Secret()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["prod/db"] = "hunter2";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("password", "prod/db"));
        var secret = await stage.SecretAsync("db", "password", "hunter2");
        var source = await stage.ReadyAsync("db", "True", "secret synced");
        Assert.Equal("true", secret.Metadata.Labels!["reconcile.external-secrets.io/managed"]);
        Assert.Equal(ObjectHash.Of("shop/db"), secret.Metadata.Labels["reconcile.external-secrets.io/created-by"]);
        Assert.Equal(ObjectHash.OfData(secret.Data!), secret.Metadata.Annotations!["reconcile.external-secrets.io/data-hash"]);
        var owner = Assert.Single(secret.Metadata.OwnerReferences!);
        Assert.Equal((source.Metadata.Uid, true, true), (owner.Uid, owner.Controller, owner.BlockOwnerDeletion));
        Assert.Equal("Opaque", secret.Type);
        Assert.Equal("SecretSynced", source.Status!.Conditions![0].Reason);
        Assert.Equal("db", source.Status.Binding!.Name);
        Assert.Equal(ExternalView.VersionOf(source), source.Status.SyncedResourceVersion);
        Assert.NotNull(source.Status.RefreshTime);
        Assert.Contains(secret.Metadata.ManagedFields!, entry => entry!["manager"]!.GetValue<string>() == "externalsecrets.external-secrets.io/db");
        await stage.EventAsync("db", "Created", "secret created");
        Assert.DoesNotContain("hunter2", stage.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_object_costs_two_writes_and_no_read_of_the_API_server()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        var controller = await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("first", ("a", "k"));
        await stage.ReadyAsync("first", "True"); // so the controller has seen that the store is ready
        await stage.EventAsync("first", "Created");
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "what is told of the store");
        stage.Cluster.Requests.Clear();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.EventAsync("db", "Created");
        // What its own writes woke, and should not, is woken by the time that another object, which comes later, has been served.
        await stage.NamespaceAsync("later");
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store, namespace: later}
            spec: {provider: {scripted: {}}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: later, namespace: later}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        await stage.ReadyAsync("later", "True", ns: "later");
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        var requests = stage.Cluster.Requests.All().Where(request => request.Namespace == ExternalStage.Namespace).ToList();
        string[] made = ["create events", "create externalsecrets", "create secrets", "update externalsecrets/status"];
        Assert.Equal(made, requests.Where(request => request.IsWrite).Select(request => $"{request.Verb} {request.Resource}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(requests, request => request.Verb == "get");
    }

    [Fact]
    public async Task A_status_whose_writes_go_on_meeting_conflicts_is_written_when_they_end()
    {
        Assert.SkipWhen(OwnClusters.AreReal, "kube-apiserver makes no faults when asked to");
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StoreAsync();
        using var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(409, new FaultMatch("update", PathContains: "/externalsecrets/db/status"), times: 7);
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        Assert.Equal(7, fault.Hits);
    }

    [Fact]
    public async Task A_status_that_is_refused_is_written_twice_a_pass_and_no_more()
    {
        Assert.SkipWhen(OwnClusters.AreReal, "kube-apiserver makes no faults when asked to");
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.StartAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "True");
        using (var fault = ((LocalTestCluster)stage.Cluster).Server.Faults.Answer(422, new FaultMatch("update", PathContains: "/externalsecrets/db/status")))
        {
            await stage.ExternalAsync("db", ("a", "k"));
            await Eventually.TrueAsync(() => fault.Hits > 0);
            await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
            Assert.InRange(fault.Hits, 1, 4);
        }
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task The_first_example_of_the_guide_works_and_follows_its_store()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        await stage.StartAsync();
        var guide = await File.ReadAllTextAsync(Path.Combine(EndToEnd.Stage.RepositoryRoot(), "docs", "external-secrets.md"), TestContext.Current.CancellationToken);
        var start = guide.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var example = guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)];
        await stage.ApplyAsync(example.Replace("namespace: default", "namespace: shop", StringComparison.Ordinal));
        await stage.SecretAsync("db", "password", "changeme");
        await stage.PatchStoreAsync("first", """{"spec":{"provider":{"fake":{"data":[{"key":"prod/db","value":"{\"password\":\"changed\"}"}]}}}}""");
        await stage.SecretAsync("db", "password", "changed");
    }

    [Fact]
    public async Task A_field_that_is_null_says_what_leaving_it_out_says()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = """{"user":"ann"}""";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              refreshInterval: null
              secretStoreRef: {name: store}
              target: {creationPolicy: null, deletionPolicy: null, template: {engineVersion: null, mergePolicy: null, data: {user: "{{ .user }}"}}}
              dataFrom: [{extract: {key: k, conversionStrategy: null, decodingStrategy: null, metadataPolicy: null}}]
            """);
        Assert.NotNull((await stage.SecretAsync("db", "user", "ann")).Metadata.OwnerReferences);
        await stage.ApplyAsync("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: bare}, spec: {secretStoreRef: {name: store}, target: null, dataFrom: [{extract: {key: k}}]}}");
        await stage.SecretAsync("bare", "user", "ann");
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_told_in_the_condition_and_comes_later()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "absent"));
        await stage.ReadyAsync("db", "False", "could not get secret data from provider: error processing spec.data[0] (key: absent), err: Secret does not exist");
        await stage.EventAsync("db", "UpdateFailed", "error processing spec.data[0] (key: absent), err: Secret does not exist");
        stage.Provider.Values["absent"] = "here";
        await stage.SecretAsync("db", "a", "here");
        await stage.ReadyAsync("db", "True");
    }

    [Fact]
    public async Task A_store_that_comes_later_wakes_those_who_wait_for_it()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow); // stands still: no back-off ends
        var controller = stage.Build(time);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "False", "could not get SecretStore \"store\", SecretStore.external-secrets.io \"store\" not found");
        stage.Provider.Validity = StoreValidity.Invalid("the vault is sealed");
        await stage.StoreAsync();
        await stage.StoreReadyAsync("store", "False", "unable to validate store: the vault is sealed");
        await stage.ReadyAsync("db", "False", "SecretStore \"store\" is not ready: unable to validate store: the vault is sealed");
        stage.Provider.Validity = StoreValidity.Valid;
        await stage.PatchStoreAsync("store", """{"spec":{"provider":{"scripted":{"edited":true}}}}""");
        await stage.SecretAsync("db", "a", "v");
    }

    [Fact]
    public async Task An_edited_Secret_comes_back_without_a_call_to_the_provider_and_a_deleted_one_with_one()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        await stage.PatchSecretAsync("db", """{"data":{"a":"aGFja2Vk","b":"eA=="}}""");
        Assert.Equal(["a"], (await stage.SecretAsync("db", "a", "v")).Data!.Keys);
        await stage.PatchSecretAsync("db", """{"metadata":{"labels":{"reconcile.external-secrets.io/created-by":"somebody"},"annotations":{"reconcile.external-secrets.io/data-hash":null}}}""");
        var healed = await stage.SecretAsync("db", secret => secret.Metadata.Labels!["reconcile.external-secrets.io/created-by"] == ObjectHash.Of("shop/db"));
        Assert.Equal(["k"], stage.Provider.Calls);
        await stage.DeleteSecretAsync("db");
        await stage.SecretAsync("db", secret => secret.Metadata.Uid != healed.Metadata.Uid);
        Assert.Equal(["k", "k"], stage.Provider.Calls);
    }

    [Fact]
    public async Task A_new_value_comes_when_it_is_asked_for_by_annotation_and_when_the_interval_is_over()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var controller = stage.Build(time);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values["k"] = "2";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        await stage.SecretAsync("db", "a", "2");
        stage.Provider.Values["k"] = "3";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"now"}}}""");
        await stage.SecretAsync("db", "a", "3");
        await stage.SourceAsync("db", source => source.Status!.SyncedResourceVersion == ExternalView.VersionOf(source));
        await Eventually.TrueAsync(() => controller.External.IsIdle, "the next refresh is planned");
        stage.Provider.Values["k"] = "4";
        time.Advance(TimeSpan.FromHours(1));
        await stage.SecretAsync("db", "a", "4");
        Assert.Equal(4, stage.Provider.Calls.Count);
    }

    [Fact]
    public async Task Objects_that_name_the_same_key_share_one_call_and_one_store_is_opened_once()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.BeginAsync(new FakeTimeProvider(DateTimeOffset.UtcNow)); // stands still: they come at one moment
        for (var i = 0; i < 20; i++) await stage.ExternalAsync($"db-{i}", ("a", "k"), ("b", "k"));
        for (var i = 0; i < 20; i++) await stage.ReadyAsync($"db-{i}", "True");
        Assert.Equal(["k"], stage.Provider.Calls);
        Assert.Equal(1, stage.Provider.Opened);
    }

    [Fact]
    public async Task A_refresh_is_as_old_as_the_oldest_value_that_it_used_and_no_value_gets_older_than_the_interval()
    {
        await using var stage = await ExternalStage.SetAsync();
        foreach (var key in (string[])["k", "l"]) stage.Provider.Values[key] = "1";
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var controller = await stage.BeginAsync(time);
        var begin = time.GetUtcNow();
        await stage.ExternalAsync("both", "{}", "10m", ("a", "l"), ("b", "k"));
        Assert.Equal(ExternalStatus.Format(begin), (await stage.ReadyAsync("both", "True")).Status!.RefreshTime);
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromMinutes(1), () => time.GetUtcNow() >= begin.AddMinutes(6));
        await stage.ExternalAsync("k", ("a", "k"));
        var asked = time.GetUtcNow();
        await stage.ReadyAsync("k", "True");
        // The refresh takes k as it was asked for then, and asks for l alone.
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromSeconds(10), () => stage.Provider.Calls.Count == 4);
        await stage.SourceAsync("both", source => source.Status?.RefreshTime == ExternalStatus.Format(asked));
        Assert.Equal(["k", "k", "l", "l"], stage.Provider.Calls.Order(StringComparer.Ordinal));

        stage.Provider.Values["k"] = "2";
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromMinutes(1), () => time.GetUtcNow() >= asked.AddMinutes(10));
        await stage.SecretAsync("both", "b", "2");
        await ExternalStage.PassAsync(time, controller, TimeSpan.FromMinutes(1), () => time.GetUtcNow() >= asked.AddHours(1));
        await stage.SecretAsync("k", "a", "2");
    }

    [Fact]
    public async Task A_restart_over_fresh_objects_asks_nobody_and_writes_nothing()
    {
        const int Objects = 10;
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        var first = await stage.StartAsync();
        await stage.StoreAsync();
        for (var i = 0; i < Objects; i++) await stage.ExternalAsync($"db-{i}", ("a", "k"));
        for (var i = 0; i < Objects; i++) await stage.ReadyAsync($"db-{i}", "True");
        await stage.StopAsync(first);
        stage.Cluster.Requests.Clear();
        stage.Provider.Calls.Clear();
        var passes = Task.CompletedTask;
        stage.Build(TimeProvider.System, built => passes = ExternalStage.PassesAsync(built, Objects));
        await passes;
        Assert.Empty(stage.Provider.Calls);
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.IsWrite && request.Namespace == ExternalStage.Namespace));
        Assert.Equal(0, stage.Cluster.Requests.Count(request => request.Verb == "get" && request.Resource == "secrets" && request.Namespace == ExternalStage.Namespace));
    }

    [Fact]
    public async Task An_outage_keeps_the_last_Secret_and_says_so()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.ReadyAsync("db", "True");
        stage.Provider.Failure = new ProviderException(ProviderFailureKind.Unavailable, "the vault does not answer");
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force":"1"}}}""");
        await stage.ReadyAsync("db", "False", "could not get secret data from provider: error processing spec.data[0] (key: k), err: the vault does not answer");
        await stage.SecretAsync("db", "a", "v");
        stage.Provider.Values["k"] = "w";
        stage.Provider.Failure = null;
        await stage.SecretAsync("db", "a", "w");
        await stage.ReadyAsync("db", "True", "secret synced");
    }

    [Fact]
    public async Task Without_the_kinds_it_says_so_once_and_begins_when_they_come()
    {
        await using var stage = await ExternalStage.SetAsync(withKinds: false);
        stage.Provider.Values["k"] = "v";
        var controller = stage.Build(TimeProvider.System);
        await controller.Listening.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        foreach (var definition in ExternalStage.Definitions()) await stage.ApplyDefinitionAsync(definition);
        await controller.External!.Ready.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await stage.StoreAsync();
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.SecretAsync("db", "a", "v");
        Assert.True(stage.Log.ToString().Split("are not installed in this cluster").Length <= 2);
    }
}
