using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.Secrets;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>Cases of the original's own suite that no other test of ours has (docs/scenarios.md).</summary>
public sealed class ScenarioTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_may_name_stores_of_their_own()
    {
        await using var stage = await ExternalStage.SetAsync();
        foreach (var user in (string[])["ann", "bob"])
        {
            stage.Provider.Values[$"{user}/k"] = $"of {user}";
            stage.Provider.Values[$"{user}/map"] = $$"""{"{{user}}":"m"}""";
            await stage.CreateSecretAsync($"login-{user}", ("user", user));
            await stage.StoreAsync(user, $$"""{credential: login-{{user}}}""");
        }
        stage.Provider.Values["k"] = "of all";
        stage.Provider.Values["map"] = """{"all":"m"}""";
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: bob}
            spec: {provider: {scripted: {}}}
            """);
        await ForeignStoreAsync(stage);
        var controller = await stage.StartAsync();
        // In both lists a store of the cluster stands before one of the namespace, which has its name.
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              secretStoreRef: {name: ann}
              data:
              - {secretKey: a, remoteRef: {key: k}}
              - {secretKey: c, remoteRef: {key: k}, sourceRef: {storeRef: {name: bob, kind: ClusterSecretStore}}}
              - {secretKey: b, remoteRef: {key: k}, sourceRef: {storeRef: {name: bob}}}
              dataFrom:
              - {extract: {key: map}, sourceRef: {storeRef: {name: bob, kind: ClusterSecretStore}}}
              - {extract: {key: map}, sourceRef: {storeRef: {name: bob}}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: partly-foreign}
            spec:
              secretStoreRef: {name: bob, kind: ClusterSecretStore}
              data:
              - {secretKey: a, remoteRef: {key: k}}
              - {secretKey: b, remoteRef: {key: k}, sourceRef: {storeRef: {name: foreign}}}
            """);
        var secret = await stage.SecretAsync("db");
        Assert.Equal(["a=of ann", "all=m", "b=of bob", "bob=m", "c=of all"], secret.Data!.Keys.Order(StringComparer.Ordinal).Select(item => $"{item}={Stage.Item(secret, item)}"));
        // The original looks for the other controller's store where there is none, and goes on.
        await stage.PatchAsync("partly-foreign", """{"metadata":{"annotations":{"looked":"at"}}}""");
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"looked":"at"}}}""");
        await stage.SourceAsync("db", source => source.Status?.SyncedResourceVersion == ExternalView.VersionOf(source));
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        Assert.Equal(ExternalStage.NotSeen, (await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, ExternalStage.Key("partly-foreign"), Ending)).Status!.ObservedGeneration);
    }

    [Fact]
    public async Task Stores_and_generators_of_another_controller_are_left_to_it()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await ForeignStoreAsync(stage);
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: foreign}
            spec: {secretStoreRef: {name: foreign}, data: [{secretKey: a, remoteRef: {key: k}}]}
            ---
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: Fake
            metadata: {name: foreign}
            spec: {controller: another, data: {a: v}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: generated}
            spec: {dataFrom: [{sourceRef: {generatorRef: {kind: Fake, name: foreign}}}]}
            """);
        // Once it is all there: one whose store is not to be seen yet is told that it is missing.
        var controller = await stage.StartAsync();
        await stage.ExternalAsync("ours", ("a", "k"));
        await stage.ReadyAsync("ours", "True");
        await stage.PatchAsync("foreign", """{"metadata":{"annotations":{"looked":"at"}}}""");
        await stage.PatchAsync("generated", """{"metadata":{"annotations":{"looked":"at"}}}""");
        await stage.PatchAsync("ours", """{"metadata":{"annotations":{"looked":"at"}}}""");
        await stage.SourceAsync("ours", source => source.Status!.SyncedResourceVersion == ExternalView.VersionOf(source));
        await Eventually.TrueAsync(() => controller.External!.IsIdle, "rest");
        Assert.Equal(ExternalStage.NotSeen, (await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, ExternalStage.Key("foreign"), Ending)).Status!.ObservedGeneration);
        Assert.Equal(ExternalStage.NotSeen, (await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, ExternalStage.Key("generated"), Ending)).Status!.ObservedGeneration);
        Assert.Equal("TheirOwn", Assert.Single((await stage.Kube.GetAsync(ExternalKinds.SecretStores, ExternalStage.Key("foreign"), Ending)).Status!.Conditions!).Reason);
    }

    [Fact]
    public async Task With_cluster_stores_switched_off_what_uses_them_is_left_alone()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync("--enable-cluster-store-reconciler=false", "--enable-cluster-external-secret-reconciler=false");
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all}
            spec: {provider: {scripted: {}}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: over-all}
            spec: {secretStoreRef: {name: all, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k}}]}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: partly-over-all}
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}, sourceRef: {storeRef: {name: all, kind: ClusterSecretStore}}}]}
            """);
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.SecretAsync("db", "a", "v");
        Assert.Equal(ExternalStage.NotSeen, (await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, ExternalStage.Key("over-all"), Ending)).Status!.ObservedGeneration);
        Assert.Equal(ExternalStage.NotSeen, (await stage.Kube.GetAsync(ExternalKinds.ExternalSecrets, ExternalStage.Key("partly-over-all"), Ending)).Status!.ObservedGeneration);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{immutable: true}")]
    public async Task What_is_created_once_keeps_its_values_and_comes_back_when_it_is_deleted(string target)
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.BeginAsync(time);
        stage.Provider.Values["k"] = "1";
        await CreatedOnceAsync(stage, "db", target);
        var first = await stage.SecretAsync("db", "a", "1");
        // A watch that has not shown it for hours would be taken to have lost it.
        await Eventually.TrueAsync(() => controller.External!.Shows(ExternalStage.Key("db")));
        await stage.ReadyAsync("db", "True");
        stage.Provider.Values["k"] = "2";
        var begin = time.GetUtcNow();
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMinutes(20), () => time.GetUtcNow() - begin > TimeSpan.FromHours(5));
        await stage.SecretAsync("db", "a", "1");
        Assert.Equal(["k"], stage.Provider.Calls);
        await stage.DeleteSecretAsync("db");
        await stage.SecretAsync("db", secret => secret.Metadata.Uid != first.Metadata.Uid);
    }

    [Fact]
    public async Task What_is_created_once_and_owned_by_nobody_stays_deleted()
    {
        await using var stage = await ExternalStage.SetAsync();
        var controller = await stage.BeginAsync(time);
        stage.Provider.Values["k"] = "1";
        await CreatedOnceAsync(stage, "db", "{creationPolicy: Orphan}");
        await stage.SecretAsync("db", "a", "1");
        await stage.ReadyAsync("db", "True");
        var looked = ExternalStage.PassesAsync(controller, 1);
        await stage.DeleteSecretAsync("db");
        await looked;
        Assert.Null(await stage.Kube.FindAsync(ClusterKinds.Secrets, ExternalStage.Key("db"), Ending));
    }

    [Fact]
    public async Task A_search_that_finds_nothing_retains_the_Secret()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["app-a"] = "1";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: store}, dataFrom: [{find: {name: {regexp: app-}}}]}
            """);
        await stage.SecretAsync("db", "app-a", "1");
        await stage.ReadyAsync("db", "True", "secret synced");
        stage.Provider.Values.Clear();
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.ReadyAsync("db", "True", "secret retained due to DeletionPolicy=Retain");
        await stage.SecretAsync("db", "app-a", "1");
    }

    [Fact]
    public async Task What_a_template_makes_follows_the_provider()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = """{"user":"app","password":"1"}""";
        await stage.StartAsync();
        await stage.StoreAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec:
              secretStoreRef: {name: store}
              target: {template: {type: kubernetes.io/dockerconfigjson, data: {.dockerconfigjson: '{"auths":{"r":{"username":"{{ .user }}","password":"{{ .password }}"}}}'}}}
              dataFrom: [{extract: {key: k}}]
            """);
        var secret = await stage.SecretAsync("db", ".dockerconfigjson", """{"auths":{"r":{"username":"app","password":"1"}}}""");
        Assert.Equal("kubernetes.io/dockerconfigjson", secret.Type);
        Assert.Equal([".dockerconfigjson"], secret.Data!.Keys);
        stage.Provider.Values["k"] = """{"user":"app","password":"2"}""";
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"force-sync":"1"}}}""");
        await stage.SecretAsync("db", ".dockerconfigjson", """{"auths":{"r":{"username":"app","password":"2"}}}""");
    }

    [Fact]
    public async Task Names_as_long_as_Kubernetes_allows_work()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        var name = new string('a', 253);
        await stage.ExternalAsync(name, ("a", "k"));
        await stage.SecretAsync(name, "a", "v");
        Assert.Equal(name, (await stage.ReadyAsync(name, "True")).Status!.Binding!.Name);
    }

    /// <summary>Field managers of long names are hashed; the original then looks for what it wrote under another name than it wrote it, and finds nothing.</summary>
    [Theory]
    [InlineData(27)]
    [InlineData(28)]
    [InlineData(63)]
    [InlineData(64)]
    public async Task What_is_no_more_on_the_ExternalSecret_goes_from_its_Secret_whatever_the_length_of_its_name(int length)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.StoreAsync();
        var name = new string('a', length);
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: {{{name}}}, labels: {stays: x, gone: soon}, annotations: {stays: x, gone: soon} }
            spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        await stage.SecretAsync(name, "a", "v");
        await stage.PatchSecretAsync(name, """{"metadata":{"labels":{"theirs":"z"},"annotations":{"theirs":"z"}}}""");
        await stage.PatchAsync(name, """{"metadata":{"labels":{"gone":null},"annotations":{"gone":null}}}""");
        var secret = await stage.SecretAsync(name, found => !found.Metadata.Labels!.ContainsKey("gone"));
        Assert.Equal(["reconcile.external-secrets.io/created-by", "reconcile.external-secrets.io/managed", "stays", "theirs"], secret.Metadata.Labels!.Keys);
        Assert.Equal(["reconcile.external-secrets.io/data-hash", "stays", "theirs"], secret.Metadata.Annotations!.Keys);
    }

    /// <summary>A store that another controller has found to be well.</summary>
    private static async Task ForeignStoreAsync(ExternalStage stage)
    {
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: foreign}
            spec: {controller: another, provider: {scripted: {}}}
            """);
        var store = await stage.Kube.GetAsync(ExternalKinds.SecretStores, ExternalStage.Key("foreign"), Ending);
        var ready = new Condition { Type = Condition.Ready, Status = "True", Reason = "TheirOwn", LastTransitionTime = ExternalStatus.Format(DateTimeOffset.UtcNow) };
        await stage.Kube.UpdateStatusAsync(ExternalKinds.SecretStores, store with { Status = new SecretStoreStatus { Conditions = [ready] } }, Ending);
    }

    private static Task CreatedOnceAsync(ExternalStage stage, string name, string target) => stage.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{{name}}} }
        spec: {refreshPolicy: CreatedOnce, refreshInterval: 1m, secretStoreRef: {name: store}, target: {{{target}}}, data: [{secretKey: a, remoteRef: {key: k}}]}
        """);
}
