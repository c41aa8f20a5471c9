using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Clusterwide;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>One ExternalSecret in each chosen namespace.</summary>
public sealed class ClusterExternalSecretTests
{
    private const string Store = """
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: all}
        spec:
          provider: {scripted: {}}
          conditions: [{namespaceSelector: {matchLabels: {tenant: "yes"}}}, {namespaceRegexes: ["^team-"]}]
        """;

    private const string Everywhere = """
        apiVersion: external-secrets.io/v1
        kind: ClusterExternalSecret
        metadata: {name: everywhere, annotations: {external-secrets.io/force-sync: "1"}}
        spec:
          externalSecretName: db
          externalSecretMetadata: {labels: {made: here}}
          namespaceSelectors: [{matchLabels: {tenant: "yes"}}]
          namespaces: [team-b]
          externalSecretSpec:
            secretStoreRef: {name: all, kind: ClusterSecretStore}
            data: [{secretKey: a, remoteRef: {key: k}}]
        """;

    [Fact]
    public async Task It_is_in_every_chosen_namespace_and_leaves_those_that_are_chosen_no_more()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        await stage.ApplyAsync(Store);
        await stage.ApplyAsync(Everywhere);
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "v", "team-a");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "v", "team-b");
        var made = await stage.ReadyAsync("db", "True", ns: "team-a");
        Assert.Equal(("here", "1"), (made.Metadata.Labels!["made"], made.Metadata.Annotations!["external-secrets.io/force-sync"]));
        await StatusAsync(stage, "True", "team-a", "team-b");
        await stage.NamespaceAsync("late", ("tenant", "yes"));
        await stage.SecretAsync("db", ns: "late");
        await stage.Kube.PatchAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new("", "team-a"), new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["labels"] = new System.Text.Json.Nodes.JsonObject { ["tenant"] = null } } }, TestContext.Current.CancellationToken);
        await StatusAsync(stage, "True", "late", "team-b");
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.ExternalSecrets, new("team-a", "db"), TestContext.Current.CancellationToken));
        // The original puts a finalizer on each, and leaves it on those that are chosen no more.
        var namespaces = await stage.Kube.ListAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new ListQuery(), TestContext.Current.CancellationToken);
        Assert.Superset(new HashSet<string>(["late", "team-a", "team-b"]), namespaces.Select(found => (string)found["metadata"]!["name"]!).ToHashSet());
        Assert.DoesNotContain(namespaces, found => found["metadata"]!["finalizers"] is not null);
    }

    /// <summary>The original puts one on each, and may be gone when the object is to go.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_finalizer_of_the_original_does_not_hold_one_that_is_deleted_before_or_after_it_was_taken_over(bool before)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team-b");
        await stage.ApplyAsync(Store);
        await stage.ApplyAsync(Everywhere.Replace("name: everywhere,", "name: everywhere, finalizers: [externalsecrets.external-secrets.io/clusterexternalsecret-cleanup, other/one],", StringComparison.Ordinal));
        if (!before)
        {
            await stage.StartAsync();
            await stage.ReadyAsync("db", "True", ns: "team-b");
        }
        await stage.Kube.DeleteAsync(ExternalKinds.ClusterExternalSecrets.Resource, new("", "everywhere"), null, TestContext.Current.CancellationToken);
        if (before) await stage.StartAsync();
        await stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.FirstOrDefault(found => found.Metadata is { DeletionTimestamp: not null, Finalizers: ["other/one"] }));
        await PatchAsync(stage, """{"metadata":{"finalizers":null}}""");
        await stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.Count == 0 ? all : null);
        await stage.UntilAsync(ExternalKinds.ExternalSecrets, "team-b", all => all.Count == 0 ? all : null);
    }

    [Fact]
    public async Task A_namespace_that_is_on_its_way_out_is_passed_over_and_is_no_failure()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.NamespaceAsync("team-b");
        await stage.ApplyAsync("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: team-a, finalizers: [test.example/held]}");
        await stage.StartAsync();
        await stage.ApplyAsync(Store);
        await stage.ApplyAsync(Everywhere);
        await StatusAsync(stage, "True", "team-a", "team-b");
        await stage.Kube.DeleteAsync(ExternalKinds.Namespaces, new("", "team-a"), null, TestContext.Current.CancellationToken);
        await StatusAsync(stage, "True", "team-b");
        // One that comes later makes another pass, while the first is still there.
        await stage.NamespaceAsync("late", ("tenant", "yes"));
        var told = await StatusAsync(stage, "True", "late", "team-b");
        Assert.Null(told.Status!.FailedNamespaces);
        Assert.NotNull(await stage.Kube.FindAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new("", "team-a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_namespace_that_is_on_its_way_out_is_chosen_by_no_policy()
    {
        PartialObjectMetadata[] namespaces = [Namespace("stays", deleting: false), Namespace("goes", deleting: true)];
        LabelSelector[] all = [new()];
        Assert.Equal(["stays"], ClusterExternalPolicy.Choose(new ClusterExternalSecret { Spec = new() { ExternalSecretSpec = new(), NamespaceSelectors = all, Namespaces = ["goes"] } }, namespaces));
        Assert.Equal(["stays"], ClusterPushPolicy.Choose(new ClusterPushSecret { Spec = new() { PushSecretSpec = new() { SecretStoreRefs = [], Selector = new() }, NamespaceSelectors = all } }, namespaces));

        static PartialObjectMetadata Namespace(string name, bool deleting) => new() { Key = new("", name), Deleting = deleting };
    }

    [Fact]
    public async Task One_that_somebody_else_made_stays_and_is_told()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, namespace: team-b}
            spec: {secretStoreRef: {name: own}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        await stage.ApplyAsync(Everywhere);
        var told = await StatusAsync(stage, "False");
        Assert.Equal(new FailedNamespace { Namespace = "team-b", Reason = "external secret already exists in namespace" }, Assert.Single(told.Status!.FailedNamespaces!));
        Assert.Equal("one or more namespaces failed", told.Status.Conditions![0].Message);
    }

    [Fact]
    public async Task One_that_an_object_of_another_group_made_whose_kind_and_name_are_the_same_stays_and_is_told()
    {
        await using var stage = await ExternalStage.SetAsync();
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        var theirs = await ForeignOwner.MakeAsync(stage.Kube, ClusterExternalSecret.ClusterExternalSecretKind, new("", "everywhere"));
        await stage.ApplyAsync($$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata:
              name: db
              namespace: team-b
              ownerReferences:
                - {apiVersion: {{theirs.ApiVersion}}, kind: {{theirs.Kind}}, name: {{theirs.Name}}, uid: "{{theirs.Uid}}", controller: true}
            spec: {secretStoreRef: {name: own}, data: [{secretKey: a, remoteRef: {key: k} }]}
            """);
        await stage.ApplyAsync(Everywhere);
        var told = await StatusAsync(stage, "False");
        Assert.Equal(new FailedNamespace { Namespace = "team-b", Reason = "external secret already exists in namespace" }, Assert.Single(told.Status!.FailedNamespaces!));
        Assert.Equal("own", (await stage.SourceAsync("db", _ => true, "team-b")).Spec.SecretStoreRef!.Name);
    }

    [Fact]
    public async Task Another_name_takes_the_old_ones_back_and_metadata_that_is_left_out_goes()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        await stage.ApplyAsync(Store);
        await stage.ApplyAsync(Everywhere);
        await stage.ReadyAsync("db", "True", ns: "team-b");
        await PatchAsync(stage, """{"spec":{"externalSecretMetadata":null}}""");
        await stage.UntilAsync(ExternalKinds.ExternalSecrets, "team-b", all => all.FirstOrDefault(made => made.Metadata.Name == "db" && made.Metadata.Labels is null or { Count: 0 }));
        await PatchAsync(stage, """{"spec":{"externalSecretName":"renamed"}}""");
        await stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.FirstOrDefault(found => found.Status?.ExternalSecretName == "renamed" && found.Status.ProvisionedNamespaces is ["team-b"]));
        await stage.ReadyAsync("renamed", "True", ns: "team-b");
        Assert.Null(await stage.Kube.FindAsync(ExternalKinds.ExternalSecrets, new("team-b", "db"), TestContext.Current.CancellationToken));
    }

    /// <summary>Its annotation is on each that it made, and goes from them with it; each change is another wish.</summary>
    [Theory]
    [InlineData("external-secrets.io/force-sync")]
    [InlineData("reconcile.fluxcd.io/requestedAt")]
    public async Task A_later_value_of_force_sync_fetches_anew_in_every_namespace(string annotation)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "1";
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        await stage.ApplyAsync(Store);
        await stage.ApplyAsync(Everywhere.Replace("external-secrets.io/force-sync", annotation, StringComparison.Ordinal));
        await EverywhereAsync("1", "1");
        foreach (var value in (string[])["2", "3"])
        {
            stage.Provider.Values["k"] = value;
            await PatchAsync(stage, $$$"""{"metadata":{"annotations":{"{{{annotation}}}":"{{{value}}}"} } }""");
            await EverywhereAsync(value, value);
        }
        stage.Provider.Values["k"] = "4";
        await PatchAsync(stage, $$$"""{"metadata":{"annotations":{"{{{annotation}}}":null} } }""");
        await EverywhereAsync("4", null);

        async Task EverywhereAsync(string value, string? forced)
        {
            foreach (var ns in (string[])["team-a", "team-b"])
            {
                await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == value, ns);
                await stage.SourceAsync("db", made => made.Metadata.Annotation(annotation) == forced && made.Status?.SyncedResourceVersion == ExternalView.VersionOf(made), ns);
            }
        }
    }

    /// <summary>An admission webhook that is out of reach, for one of them.</summary>
    [Fact]
    public async Task A_namespace_that_is_answered_with_500_is_told_and_tried_again_and_keeps_no_other_from_its_own()
    {
        await using var stage = await ExternalStage.SetAsync();
        var faults = await BeginAsync(stage);
        using (faults.Answer(500, new FaultMatch("create", PathContains: "/namespaces/team-a/externalsecrets")))
        {
            await stage.ApplyAsync(Everywhere);
            var told = await StatusAsync(stage, "False", "team-b");
            Assert.Equal("team-a", Assert.Single(told.Status!.FailedNamespaces!).Namespace);
            await stage.SourceAsync("db", _ => true, "team-b");
        }
        // The failure is over, and nothing else has changed.
        await StatusAsync(stage, "True", "team-a", "team-b");
    }

    [Fact]
    public async Task One_that_may_not_be_deleted_is_told()
    {
        await using var stage = await ExternalStage.SetAsync();
        var faults = await BeginAsync(stage);
        await stage.ApplyAsync(Everywhere);
        await StatusAsync(stage, "True", "team-a", "team-b");
        using var fault = faults.Answer(403, new FaultMatch("delete", PathContains: "/namespaces/team-a/externalsecrets/"));
        await PatchAsync(stage, """{"spec":{"namespaceSelectors":[]}}""");
        var told = await StatusAsync(stage, "False", "team-b");
        Assert.Equal("team-a", Assert.Single(told.Status!.FailedNamespaces!).Namespace);
    }

    [Fact]
    public async Task A_namespace_that_a_cluster_store_does_not_admit_gets_nothing()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["k"] = "v";
        await stage.StartAsync();
        await stage.ApplyAsync(Store);
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: all, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        await stage.ReadyAsync("db", "False", "using cluster store \"all\" is not allowed from namespace \"shop\": denied by spec.condition");
        await stage.Kube.PatchAsync(KubeKind.Untyped(ExternalKinds.Namespaces), new("", "shop"), new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["labels"] = new System.Text.Json.Nodes.JsonObject { ["tenant"] = "yes" } } }, TestContext.Current.CancellationToken);
        await stage.SecretAsync("db", "a", "v");
    }

    [Fact]
    public async Task With_referent_credentials_each_namespace_gets_what_its_own_may_see()
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.Provider.Values["ann/k"] = "of ann";
        stage.Provider.Values["bob/k"] = "of bob";
        await stage.NamespaceAsync("other");
        foreach (var (ns, user) in new[] { ("shop", "ann"), ("other", "bob") })
        {
            await stage.ApplyAsync($$$"""
                apiVersion: v1
                kind: Secret
                metadata: {name: login, namespace: {{{ns}}} }
                stringData: {user: {{{user}}} }
                """);
        }
        await stage.StartAsync();
        await stage.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: referent}
            spec: {provider: {scripted: {credential: login}}}
            """);
        foreach (var ns in (string[])["shop", "other"])
        {
            await stage.ApplyAsync($$$"""
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                metadata: {name: db, namespace: {{{ns}}} }
                spec: {secretStoreRef: {name: referent, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k}}]}
                """);
        }
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "of ann");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "of bob", "other");
        // A changed credential opens the store anew, and what was made with it is made again.
        await stage.PatchSecretAsync("login", """{"stringData":{"user":"bob"}}""");
        await stage.SecretAsync("db", secret => Stage.Item(secret, "a") == "of bob");
    }

    private static Task<ClusterExternalSecret> PatchAsync(ExternalStage stage, string patch) =>
        stage.Kube.PatchAsync(ExternalKinds.ClusterExternalSecrets, new("", "everywhere"), System.Text.Json.Nodes.JsonNode.Parse(patch)!.AsObject(), TestContext.Current.CancellationToken);

    /// <summary>A controller over one tenant's namespace and another's, and the faults of its API server.</summary>
    private static async Task<ClusterFaults> BeginAsync(ExternalStage stage)
    {
        Assert.SkipWhen(stage.Cluster.IsReal, "kube-apiserver makes no faults when asked to");
        await stage.NamespaceAsync("team-a", ("tenant", "yes"));
        await stage.NamespaceAsync("team-b");
        await stage.StartAsync();
        return ((LocalTestCluster)stage.Cluster).Server.Faults;
    }

    private static Task<ClusterExternalSecret> StatusAsync(ExternalStage stage, string ready, params string[] provisioned) =>
        stage.UntilAsync(ExternalKinds.ClusterExternalSecrets, "", all => all.FirstOrDefault(found =>
            found.Status?.Conditions?[0] is { Type: "Ready" } condition && condition.Status == ready && (found.Status.ProvisionedNamespaces ?? []).SequenceEqual(provisioned)));
}
