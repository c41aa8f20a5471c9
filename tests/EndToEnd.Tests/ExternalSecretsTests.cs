using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>ExternalSecrets as a user of the deployed controller sees them: its rights are those of its own service account, its stores are real ones.</summary>
public sealed class ExternalSecretsTests(ExternalDeployments deployments)
{
    private const string Sources = "externalsecrets";
    private const string Stores = "secretstores";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task The_ExternalSecret_of_GitOps_guides_works_as_written(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: aws-secrets-manager}
            spec: {provider: {fake: {data: [{key: production/database, value: '{"password":"hunter2"}'}]}}}
            """);
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1beta1
            kind: ExternalSecret
            metadata:
              name: db
            spec:
              refreshInterval: 1h
              secretStoreRef:
                name: aws-secrets-manager
                kind: SecretStore
              target:
                name: db-secret
              data:
                - secretKey: password
                  remoteRef:
                    key: production/database
                    property: password
            """);
        await tenant.HoldsAsync("db-secret", "password", "hunter2");
        var source = await tenant.ReadyAsync(Sources, "db", "True", "secret synced");
        Assert.Equal("SecretSynced", (string?)source["status"]!["conditions"]![0]!["reason"]);
        Assert.Equal("db-secret", (string?)source["status"]!["binding"]!["name"]);
        // No default is put into the spec, which a GitOps tool would see as a difference.
        Assert.Equal(["data", "refreshInterval", "secretStoreRef", "target"], source["spec"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Theory, OnEachCluster]
    public async Task A_change_at_the_provider_is_followed_with_the_rights_of_the_store_s_own_service_account(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        var cluster = tenant.Deployment.Cluster;
        await tenant.ReaderAsync();
        await tenant.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: {name: origin}
            stringData: {password: first}
            """);
        await tenant.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec:
              provider:
                kubernetes:
                  remoteNamespace: NAMESPACE
                  server: {url: "{{{cluster.Address}}}", caBundle: "{{{Convert.ToBase64String(Encoding.ASCII.GetBytes(cluster.CertificateAuthorityPem))}}}"}
                  auth: {serviceAccount: {name: reader}}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: copy}
            spec:
              refreshInterval: 1s
              secretStoreRef: {name: store}
              data: [{secretKey: password, remoteRef: {key: origin, property: password}}]
            """);
        await tenant.HoldsAsync("copy", "password", "first");
        await tenant.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: {name: origin}
            stringData: {password: second}
            """);
        await tenant.HoldsAsync("copy", "password", "second");
    }

    [Theory, OnEachCluster]
    public async Task A_store_that_becomes_ready_and_one_that_changes_wake_their_users(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await SourceAsync(tenant, "db");
        await tenant.ReadyAsync(Sources, "db", "False", "could not get SecretStore \"store\", SecretStore.external-secrets.io \"store\" not found");
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec: {provider: {fake: {validationResult: 2, data: [{key: k, value: one}]}}}
            """);
        await tenant.ReadyAsync(Stores, "store", "False", "unable to validate store");
        await tenant.ReadyAsync(Sources, "db", "False", "SecretStore \"store\" is not ready: unable to validate store");
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec: {provider: {fake: {validationResult: 0, data: [{key: k, value: one}]}}}
            """);
        await tenant.HoldsAsync("db", "a", "one");
        var store = await tenant.ReadyAsync(Stores, "store", "True", "store validated");
        Assert.Equal("ReadWrite", (string?)store["status"]!["capabilities"]);
        await tenant.FakeAsync(("k", "two"));
        await tenant.HoldsAsync("db", "a", "two");
    }

    [Theory, OnEachCluster]
    public async Task A_template_in_a_ConfigMap_is_followed(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await tenant.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: files}
            data: {app.ini: "token={{ .a }}"}
            """);
        await SourceAsync(tenant, "db", "{template: {type: Opaque, metadata: {labels: {made: here}}, templateFrom: [{configMap: {name: files, items: [{key: app.ini}]}}]}}");
        var secret = await tenant.HoldsAsync("db", "app.ini", "token=v");
        Assert.Equal("here", (string?)secret["metadata"]!["labels"]!["made"]);
        await tenant.PatchAsync("configmaps", "files", """{"data":{"app.ini":"secret={{ .a }}"}}""");
        await tenant.HoldsAsync("db", "app.ini", "secret=v");
    }

    [Theory, OnEachCluster]
    public async Task Drift_of_data_and_of_labels_is_put_right_and_a_deleted_Secret_comes_back(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await SourceAsync(tenant, "db");
        await tenant.HoldsAsync("db", "a", "v");
        await tenant.ReadyAsync(Sources, "db", "True");
        await tenant.PatchAsync("secrets", "db", """{"data":{"a":"aGFja2Vk","b":"eA=="},"metadata":{"labels":{"reconcile.external-secrets.io/created-by":"somebody"}}}""");
        var healed = await tenant.SeeAsync("secrets", "db", secret =>
        {
            Assert.Equal(["a"], Tenant.Items(secret));
            Assert.Equal("v", Tenant.Item(secret, "a"));
            Assert.NotEqual("somebody", (string?)secret["metadata"]!["labels"]!["reconcile.external-secrets.io/created-by"]);
        });
        await tenant.DeleteAsync("secrets", "db");
        await tenant.SeeAsync("secrets", "db", secret => Assert.NotEqual((string?)healed["metadata"]!["uid"], (string?)secret["metadata"]!["uid"]));
    }

    [Theory, OnEachCluster]
    public async Task A_ConfigMap_is_a_target_too_and_its_drift_is_put_right(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await SourceAsync(tenant, "db", "{manifest: {apiVersion: v1, kind: ConfigMap}, template: {metadata: {labels: {made: here}}, templateFrom: [{target: data, literal: 'url: https://{{ .a }}'}]}}");
        await tenant.SeeAsync("configmaps", "db", map => Assert.Equal("https://v", (string?)map["data"]!["url"]));
        await tenant.ReadyAsync(Sources, "db", "True", "secret synced");
        await tenant.PatchAsync("configmaps", "db", """{"data":{"url":"https://evil","more":"x"},"metadata":{"labels":{"made":"there"}}}""");
        await tenant.SeeAsync("configmaps", "db", map =>
        {
            Assert.Equal("""{"url":"https://v"}""", map["data"]!.ToJsonString());
            Assert.Equal("here", (string?)map["metadata"]!["labels"]!["made"]);
        });
        await tenant.FakeAsync(("k", "w"));
        await tenant.SeeAsync("configmaps", "db", map => Assert.Equal("https://w", (string?)map["data"]!["url"]));
        await SourceAsync(tenant, "cluster", "{manifest: {apiVersion: v1, kind: Namespace}}");
        await tenant.ReadyAsync(Sources, "cluster", "False", "invalid generic target: spec.target.manifest: namespaces live in no namespace");
        await SourceAsync(tenant, "none", "{manifest: {apiVersion: example.com/v1, kind: None}}");
        await tenant.ReadyAsync(Sources, "none", "False", "the API server has no kind None in example.com/v1");
    }

    [Theory, OnEachCluster]
    public async Task A_generator_that_is_edited_makes_its_values_anew(ClusterKind kind)
    {
        const string Generator = """
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: Password
            metadata: {name: pw}
            spec: {length: 20}
            """;
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.ApplyAsync(Generator);
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: pw}
            spec: {refreshInterval: 1h, dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw}}}]}
            """);
        await tenant.SeeAsync("secrets", "pw", secret => Assert.Equal(20, Tenant.Item(secret, "password").Length));
        await tenant.ReadyAsync(Sources, "pw", "True");
        await tenant.ApplyAsync(Generator.Replace("20", "30", StringComparison.Ordinal));
        await tenant.SeeAsync("secrets", "pw", secret => Assert.Equal(30, Tenant.Item(secret, "password").Length));
    }

    [Theory, OnEachCluster]
    public async Task What_is_gone_at_the_provider_goes_or_stays_as_deletionPolicy_says(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        foreach (var policy in (string[])["Retain", "Delete", "Merge"]) await SourceAsync(tenant, policy.ToLowerInvariant(), $"{{deletionPolicy: {policy}}}");
        foreach (var policy in (string[])["retain", "delete", "merge"]) await tenant.ReadyAsync(Sources, policy, "True");
        await tenant.FakeAsync(("another", "v"));
        await tenant.ReadyAsync(Sources, "retain", "False", "Secret does not exist");
        await tenant.HoldsAsync("retain", "a", "v");
        await tenant.ReadyAsync(Sources, "delete", "True", "secret deleted due to DeletionPolicy=Delete");
        Assert.Null(await tenant.FindAsync("secrets", "delete"));
        await tenant.SeeAsync("secrets", "merge", secret => Assert.Empty(Tenant.Items(secret)));
    }

    [Theory, OnEachCluster]
    public async Task A_cluster_store_serves_the_namespaces_that_its_conditions_admit(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: store-NAMESPACE}
            spec:
              provider: {fake: {data: [{key: k, value: v}]}}
              conditions: [{namespaceSelector: {matchLabels: {admitted: NAMESPACE}}}]
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db}
            spec: {secretStoreRef: {name: store-NAMESPACE, kind: ClusterSecretStore}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        await tenant.ReadyAsync(Sources, "db", "False", $"using cluster store \"store-{tenant.Namespace}\" is not allowed from namespace \"{tenant.Namespace}\": denied by spec.condition");
        Assert.Null(await tenant.FindAsync("secrets", "db"));
        await tenant.PatchAsync("namespaces", tenant.Namespace, $$$$"""{"metadata":{"labels":{"admitted":"{{{{tenant.Namespace}}}}"}}}""");
        await tenant.HoldsAsync("db", "a", "v");
    }

    [Theory, OnEachCluster]
    public async Task A_ClusterExternalSecret_is_in_every_namespace_that_it_chooses(ClusterKind kind)
    {
        var (one, two) = (await deployments.TenantAsync(kind, Stop), await deployments.TenantAsync(kind, Stop));
        foreach (var tenant in (ExternalTenant[])[one, two]) await tenant.FakeAsync(("k", "v"));
        await one.PatchAsync("namespaces", one.Namespace, $$$$"""{"metadata":{"labels":{"chosen":"{{{{one.Namespace}}}}"}}}""");
        await one.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterExternalSecret
            metadata: {name: ces-NAMESPACE}
            spec:
              externalSecretName: db
              namespaceSelectors: [{matchLabels: {chosen: NAMESPACE}}]
              externalSecretSpec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """);
        await one.HoldsAsync("db", "a", "v");
        await two.PatchAsync("namespaces", two.Namespace, $$$$"""{"metadata":{"labels":{"chosen":"{{{{one.Namespace}}}}"}}}""");
        await two.HoldsAsync("db", "a", "v");
        await one.SeeAsync("clusterexternalsecrets", $"ces-{one.Namespace}", found =>
            Assert.Equal(new[] { one.Namespace, two.Namespace }.Order(StringComparer.Ordinal), found["status"]!["provisionedNamespaces"]!.AsArray().Select(entry => (string)entry!)));
        await two.PatchAsync("namespaces", two.Namespace, """{"metadata":{"labels":{"chosen":null}}}""");
        await two.Deployment.EventuallyAsync(async () => Assert.Null(await two.FindAsync(Sources, "db")), Stop);
    }

    [Theory, OnEachCluster]
    public async Task The_webhook_refuses_what_a_condition_would_say_in_the_same_words(ClusterKind kind)
    {
        const string Words = "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner";
        const string Wrong = """
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: NAME}
            spec: {secretStoreRef: {name: store}, target: {creationPolicy: Merge, deletionPolicy: Delete}, data: [{secretKey: a, remoteRef: {key: k}}]}
            """;
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await tenant.ApplyAsync(Wrong.Replace("NAME", "early", StringComparison.Ordinal));
        var refused = await tenant.ReadyAsync(Sources, "early", "False", $"the ExternalSecret is not valid: {Words}");
        Assert.Contains("Stalled=True", ExternalTenant.Conditions(refused));

        await deployments.WithWebhookAsync(kind, Stop);
        await tenant.Deployment.EventuallyAsync(async () => // a real server asks a new webhook a moment later
        {
            var refusal = await tenant.RefusalAsync(Wrong.Replace("NAME", $"late-{Guid.NewGuid():n}", StringComparison.Ordinal));
            Assert.NotNull(refusal);
            Assert.Contains(Words, refusal, StringComparison.Ordinal);
        }, Stop);
        Assert.Null(await tenant.RefusalAsync(Wrong.Replace("NAME", "good", StringComparison.Ordinal).Replace("creationPolicy: Merge", "creationPolicy: Owner", StringComparison.Ordinal)));
        Assert.Contains("invalid refreshInterval \"1d\"", await tenant.RefusalAsync("""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: other}
            spec: {refreshInterval: 1d, provider: {fake: {data: []}}}
            """), StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task Tools_that_follow_kstatus_see_what_is_going_on(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await SourceAsync(tenant, "db", "{}", "absent");
        var waiting = await tenant.ReadyAsync(Sources, "db", "False", "Secret does not exist");
        Assert.Equal(["Ready=False", "Reconciling=True"], ExternalTenant.Conditions(waiting));
        await SourceAsync(tenant, "db");
        Assert.Equal(["Ready=True"], ExternalTenant.Conditions(await tenant.ReadyAsync(Sources, "db", "True")));
    }

    [Theory, OnEachCluster]
    public async Task The_manifests_give_the_controller_every_right_that_it_asks_for(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await tenant.FakeAsync(("k", "v"));
        await tenant.ApplyAsync("""
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: Password
            metadata: {name: generated}
            spec: {length: 20}
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: generated}
            spec: {refreshInterval: 0s, dataFrom: [{sourceRef: {generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: generated}}}]}
            """);
        await tenant.SeeAsync("secrets", "generated", secret => Assert.Equal(20, Tenant.Item(secret, "password").Length));
        await SourceAsync(tenant, "db");
        await tenant.HoldsAsync("db", "a", "v");
        // kube-apiserver runs with OwnerReferencesPermissionEnforcement, as OpenShift's does.
        await tenant.SeeAsync("secrets", "db", secret => Assert.True((bool?)secret["metadata"]!["ownerReferences"]![0]!["blockOwnerDeletion"]));
        await tenant.DeleteAsync(Sources, "db");
        var refused = tenant.Deployment.Controller.Log.Split('\n').Where(line => line.Contains("forbidden", StringComparison.OrdinalIgnoreCase) && !IsOfOtherTests(line)).ToList();
        Assert.True(refused.Count == 0, string.Join('\n', refused));

        // Their namespaces go meanwhile, and their stores log in as service accounts of theirs.
        static bool IsOfOtherTests(string line) => line.Contains("being terminated", StringComparison.Ordinal) || line.Contains("User \\\"system:serviceaccount:test-", StringComparison.Ordinal);
    }

    /// <summary>With the role of another installation, that lacks <c>externalsecrets/finalizers</c>, under OwnerReferencesPermissionEnforcement.</summary>
    [Fact]
    public async Task Without_the_right_to_an_owner_s_finalizers_Secrets_are_made_and_owned()
    {
        Assert.SkipUnless(RealTestCluster.IsAvailable, "needs kube-apiserver");
        var tenant = await deployments.TenantAsync(ClusterKind.Real, Stop);
        await tenant.FakeAsync(("k", "v"));
        var role = (await tenant.FindAsync("clusterroles", "external-secrets"))!;
        var rules = role["rules"]!.AsArray();
        var finalizers = rules.Single(rule => ((string?)rule!["resources"]![0])!.EndsWith("/finalizers", StringComparison.Ordinal))!.DeepClone();
        await RulesAsync([.. rules.Where(rule => !JsonNode.DeepEquals(rule, finalizers)).Select(rule => rule!.DeepClone())]);
        try
        {
            var count = 0;
            await tenant.Deployment.EventuallyAsync(async () => // the API server learns of its roles a moment later
            {
                var name = $"db-{count++}";
                await SourceAsync(tenant, name);
                await tenant.HoldsAsync(name, "a", "v");
                var owner = (await tenant.FindAsync("secrets", name))!["metadata"]!["ownerReferences"]![0]!;
                Assert.Equal((name, true, null), ((string?)owner["name"], (bool?)owner["controller"], (bool?)owner["blockOwnerDeletion"]));
            }, Stop);
        }
        finally
        {
            await RulesAsync([.. rules.Select(rule => rule!.DeepClone())]);
        }

        Task RulesAsync(JsonNode[] wanted) => tenant.PatchAsync("clusterroles", "external-secrets", new JsonObject { ["rules"] = new JsonArray(wanted) }.ToJsonString());
    }

    private static Task SourceAsync(ExternalTenant tenant, string name, string target = "{}", string key = "k") => tenant.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{{name}}} }
        spec: {refreshInterval: 1h, secretStoreRef: {name: store}, target: {{{target}}}, data: [{secretKey: a, remoteRef: {key: {{{key}}} } }] }
        """);
}
