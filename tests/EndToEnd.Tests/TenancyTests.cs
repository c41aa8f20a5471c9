using System.Text;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>What was fetched for one namespace is never served to another that may not have it.</summary>
public sealed class TenancyTests(ExternalDeployments deployments)
{
    private const string Sources = "externalsecrets";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task Stores_of_the_same_name_in_two_namespaces_share_nothing(ClusterKind kind)
    {
        var (one, two) = (await deployments.TenantAsync(kind, Stop), await deployments.TenantAsync(kind, Stop));
        foreach (var (tenant, value) in ((ExternalTenant Tenant, string Value)[])[(one, "of one"), (two, "of two")])
        {
            await tenant.FakeAsync(("k", value));
            await UseAsync(tenant, "db", "{name: store}");
        }
        await one.HoldsAsync("db", "a", "of one");
        await two.HoldsAsync("db", "a", "of two");
    }

    [Theory, OnEachCluster]
    public async Task A_namespace_without_credentials_of_its_own_gets_nothing_though_the_answer_is_at_hand(ClusterKind kind)
    {
        var (one, two) = (await deployments.TenantAsync(kind, Stop), await deployments.TenantAsync(kind, Stop));
        var cluster = one.Deployment.Cluster;
        await one.ReaderAsync();
        await one.ApplyAsync($$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: k}
            stringData: {a: of one}
            ---
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all-NAMESPACE}
            spec:
              provider:
                kubernetes:
                  remoteNamespace: NAMESPACE
                  server: {url: "{{{cluster.Address}}}", caBundle: "{{{Convert.ToBase64String(Encoding.ASCII.GetBytes(cluster.CertificateAuthorityPem))}}}"}
                  auth: {serviceAccount: {name: reader} }
            """);
        var store = $"{{name: all-{one.Namespace}, kind: ClusterSecretStore}}";
        await UseAsync(one, "db", store, "{key: k, property: a}");
        await one.HoldsAsync("db", "a", "of one");
        // No such service account; then one that may not read there.
        await UseAsync(two, "db", store, "{key: k, property: a}");
        await two.ReadyAsync(Sources, "db", "False", "ServiceAccount");
        await two.ApplyAsync("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader}");
        await two.ReadyAsync(Sources, "db", "False", "forbidden");
        Assert.Null(await two.FindAsync("secrets", "db"));
    }

    [Theory, OnEachCluster]
    public async Task A_namespace_that_is_admitted_no_more_gets_nothing_though_the_answer_is_at_hand(ClusterKind kind)
    {
        var (one, two) = (await deployments.TenantAsync(kind, Stop), await deployments.TenantAsync(kind, Stop));
        var store = $"{{name: all-{one.Namespace}, kind: ClusterSecretStore}}";
        await one.ApplyAsync("""
            apiVersion: external-secrets.io/v1
            kind: ClusterSecretStore
            metadata: {name: all-NAMESPACE}
            spec:
              provider: {fake: {data: [{key: k, value: v}]}}
              conditions: [{namespaceSelector: {matchLabels: {admitted: NAMESPACE}}}]
            """);
        foreach (var tenant in (ExternalTenant[])[one, two])
        {
            await tenant.PatchAsync("namespaces", tenant.Namespace, $$$$"""{"metadata":{"labels":{"admitted":"{{{{one.Namespace}}}}"}}}""");
            await UseAsync(tenant, "db", store);
            await tenant.HoldsAsync("db", "a", "v");
        }
        await two.PatchAsync("namespaces", two.Namespace, """{"metadata":{"labels":{"admitted":null}}}""");
        var denied = $"using cluster store \"all-{one.Namespace}\" is not allowed from namespace \"{two.Namespace}\": denied by spec.condition";
        // Namespaces have a watch of their own, which may be behind that of ExternalSecrets: until it shows the label, a newcomer is still served.
        await two.Deployment.EventuallyAsync(async () =>
        {
            var probe = $"probe-{Guid.NewGuid():n}"[..20];
            await UseAsync(two, probe, store);
            var seen = await two.SeeAsync(Sources, probe, source => Assert.NotNull(source["status"]?["conditions"]));
            Assert.Contains("Ready=False", ExternalTenant.Conditions(seen));
        }, Stop);
        await two.PatchAsync(Sources, "db", """{"spec":{"target":{"name":"another"}}}""");
        await two.ReadyAsync(Sources, "db", "False", denied);
        Assert.Null(await two.FindAsync("secrets", "another"));
        await one.HoldsAsync("db", "a", "v");
    }

    private static Task UseAsync(ExternalTenant tenant, string name, string store, string key = "{key: k}") => tenant.ApplyAsync($$$"""
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: {{{name}}} }
        spec: {refreshInterval: 1h, secretStoreRef: {{{store}}}, target: {creationPolicy: Owner}, data: [{secretKey: a, remoteRef: {{{key}}} }] }
        """);
}
