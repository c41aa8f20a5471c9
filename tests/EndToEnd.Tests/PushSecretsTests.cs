using System.Text;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>PushSecrets of the deployed controller, into a store of the kind <c>kubernetes</c>, with the rights of the store's own service account.</summary>
public sealed class PushSecretsTests(ExternalDeployments deployments)
{
    private const string Push = """
        apiVersion: external-secrets.io/v1alpha1
        kind: PushSecret
        metadata: {name: push}
        spec:
          refreshInterval: 1h
          deletionPolicy: Delete
          secretStoreRefs: [{name: store}]
          selector: {secret: {name: origin}}
          data: [{match: {secretKey: password, remoteRef: {remoteKey: pushed, property: password}}}]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task A_Secret_is_pushed_followed_and_taken_back(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await StoreAsync(tenant, "get, list, watch, create, update, patch, delete");
        await OriginAsync(tenant, "first");
        await tenant.ApplyAsync(Push);
        await tenant.HoldsAsync("pushed", "password", "first");
        var told = await tenant.ReadyAsync("pushsecrets", "push", "True", "PushSecret synced successfully");
        Assert.NotNull(told["status"]!["syncedPushSecrets"]!["SecretStore/store"]);
        Assert.Contains("pushsecret.externalsecrets.io/finalizer", told["metadata"]!["finalizers"]!.AsArray().Select(finalizer => (string)finalizer!));
        await OriginAsync(tenant, "second");
        await tenant.HoldsAsync("pushed", "password", "second");
        await tenant.DeleteAsync("pushsecrets", "push");
        await tenant.Deployment.EventuallyAsync(async () =>
        {
            Assert.Null(await tenant.FindAsync("pushsecrets", "push"));
            Assert.Null(await tenant.FindAsync("secrets", "pushed"));
        }, Stop);
        Assert.NotNull(await tenant.FindAsync("secrets", "origin"));
    }

    [Theory, OnEachCluster]
    public async Task A_right_that_the_store_s_service_account_lacks_is_told_and_what_is_there_stays(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await StoreAsync(tenant, "get, list, watch");
        await OriginAsync(tenant, "hunter2");
        await tenant.ApplyAsync(Push);
        var told = await tenant.ReadyAsync("pushsecrets", "push", "False", "set secret failed");
        Assert.DoesNotContain("hunter2", told.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(await tenant.FindAsync("secrets", "pushed"));
        await RightsAsync(tenant, "get, list, watch, create, update, patch, delete");
        await tenant.HoldsAsync("pushed", "password", "hunter2");
    }

    [Theory, OnEachCluster]
    public async Task A_ClusterPushSecret_pushes_in_the_namespaces_that_it_chooses(ClusterKind kind)
    {
        var tenant = await deployments.TenantAsync(kind, Stop);
        await StoreAsync(tenant, "get, list, watch, create, update, patch, delete");
        await OriginAsync(tenant, "first");
        await tenant.ApplyAsync("""
            apiVersion: external-secrets.io/v1alpha1
            kind: ClusterPushSecret
            metadata: {name: NAMESPACE}
            spec:
              namespaceSelectors: [{matchLabels: {pushes: NAMESPACE}}]
              pushSecretSpec:
                secretStoreRefs: [{name: store}]
                selector: {secret: {name: origin}}
                data: [{match: {secretKey: password, remoteRef: {remoteKey: pushed, property: password}}}]
            """);
        await tenant.PatchAsync("namespaces", tenant.Namespace, $$$$"""{"metadata":{"labels":{"pushes":"{{{{tenant.Namespace}}}}"}}}""");
        await tenant.HoldsAsync("pushed", "password", "first");
        await tenant.SeeAsync("clusterpushsecrets", tenant.Namespace, found => Assert.Equal([tenant.Namespace], found["status"]!["provisionedNamespaces"]!.AsArray().Select(name => (string)name!)));
        await tenant.PatchAsync("namespaces", tenant.Namespace, """{"metadata":{"labels":{"pushes":null}}}""");
        await tenant.Deployment.EventuallyAsync(async () => Assert.Null(await tenant.FindAsync("pushsecrets", tenant.Namespace)), Stop);
        Assert.Equal("first", Tenant.Item((await tenant.FindAsync("secrets", "pushed"))!, "password"));
    }

    private static Task OriginAsync(ExternalTenant tenant, string password) => tenant.ApplyAsync($$$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: origin}
        stringData: {password: {{{password}}}}
        """);

    private static Task RightsAsync(ExternalTenant tenant, string verbs) => tenant.ApplyAsync($$$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: writer}
        rules: [{apiGroups: [""], resources: [secrets], verbs: [{{{verbs}}}]}]
        """);

    private static async Task StoreAsync(ExternalTenant tenant, string verbs)
    {
        var cluster = tenant.Deployment.Cluster;
        await RightsAsync(tenant, verbs);
        await tenant.ApplyAsync($$$"""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: writer}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: writer}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}
            subjects: [{kind: ServiceAccount, name: writer, namespace: NAMESPACE}]
            ---
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec:
              provider:
                kubernetes:
                  remoteNamespace: NAMESPACE
                  server: {url: "{{{cluster.Address}}}", caBundle: "{{{Convert.ToBase64String(Encoding.ASCII.GetBytes(cluster.CertificateAuthorityPem))}}}"}
                  auth: {serviceAccount: {name: writer}}
            """);
        await tenant.ReadyAsync("secretstores", "store", "True");
    }
}
