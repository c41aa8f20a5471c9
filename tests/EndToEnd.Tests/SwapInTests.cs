using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.EndToEnd.Tests.Running;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests;

/// <summary>A cluster where the image of Sealed Secrets is replaced by ours, and nothing else: the roles are the original's, and External Secrets Operator serves its own kinds beside it.</summary>
public sealed class SwapInTests
{
    /// <summary>What the original's <c>controller.yaml</c> allows.</summary>
    private const string Roles = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: secrets-unsealer}
        rules:
          - {apiGroups: [bitnami.com], resources: [sealedsecrets], verbs: [get, list, watch]}
          - {apiGroups: [bitnami.com], resources: [sealedsecrets/status], verbs: [update]}
          - {apiGroups: [""], resources: [secrets], verbs: [get, list, create, update, delete, watch]}
          - {apiGroups: [""], resources: [events], verbs: [create, patch]}
          - {apiGroups: [""], resources: [namespaces], verbs: [get]}
        """;

    /// <summary>What its chart allows in each of <c>additionalNamespaces</c> with <c>rbac.namespacedRoles</c>. In the controller's own, it may only list and create Secrets.</summary>
    private const string NamespacedRoles = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: secrets-unsealer, namespace: NAMESPACE}
        rules:
          - {apiGroups: [bitnami.com], resources: [sealedsecrets], verbs: [get, list, watch]}
          - {apiGroups: [bitnami.com], resources: [sealedsecrets/status], verbs: [update]}
          - {apiGroups: [""], resources: [secrets], verbs: [get, list, create, update, delete, watch]}
          - {apiGroups: [""], resources: [events], verbs: [create, patch]}
          - {apiGroups: [""], resources: [namespaces], resourceNames: [NAMESPACE], verbs: [get]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: secrets-unsealer, namespace: NAMESPACE}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: secrets-unsealer}
        subjects: [{kind: ServiceAccount, name: sealed-secrets-controller, namespace: kube-system}]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task With_the_roles_of_the_original_and_its_neighbours_kinds_SealedSecrets_are_opened(ClusterKind kind)
    {
        await using var cluster = await ClusterAsync(kind);
        await using var deployment = await Deployment.StartAsync(cluster, ["crds/externalsecrets.external-secrets.io.yaml", "crds/secretstores.external-secrets.io.yaml", "crds/sopssecrets.isindir.github.com.yaml"], [], Stop);
        await deployment.Controller.DisposeAsync();
        await deployment.ApplyAsync(YamlReader.Read(Roles)!.AsObject(), Stop);
        await DeleteAsync(deployment, LeaderElection);

        await deployment.StartControllerAsync([], Stop);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        await OpensAsync(tenant);
        Assert.Contains("working without leader election", deployment.Controller.Log, StringComparison.Ordinal);
    }

    [Theory, OnEachCluster]
    public async Task With_the_namespaced_roles_of_its_chart_they_are_opened_where_those_are(ClusterKind kind)
    {
        await using var cluster = await ClusterAsync(kind);
        await using var deployment = await Deployment.StartAsync(cluster, Stop);
        await deployment.Controller.DisposeAsync();
        await DeleteAsync(deployment, ["rbac.authorization.k8s.io/v1/clusterrolebindings/sealed-secrets-controller", .. LeaderElection]);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        foreach (var role in YamlReader.ReadAll(NamespacedRoles.Replace("NAMESPACE", tenant.Namespace, StringComparison.Ordinal))) await deployment.ApplyAsync(role.Root!.AsObject(), Stop);

        await deployment.StartControllerAsync(["--additional-namespaces", tenant.Namespace], Stop);
        await OpensAsync(tenant);
        Assert.Contains("secrets: the controller may list them in namespace kube-system and not watch them", deployment.Controller.Log, StringComparison.Ordinal);
    }

    private static readonly string[] LeaderElection =
    [
        $"rbac.authorization.k8s.io/v1/namespaces/{Deployment.Namespace}/rolebindings/sealed-secrets-leader-election",
        $"rbac.authorization.k8s.io/v1/namespaces/{Deployment.Namespace}/roles/sealed-secrets-leader-election",
        $"coordination.k8s.io/v1/namespaces/{Deployment.Namespace}/leases/{Deployment.Name}",
    ];

    private static async Task<ITestCluster> ClusterAsync(ClusterKind kind) =>
        kind == ClusterKind.Real ? await RealTestCluster.StartAsync(Stop) : await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);

    private static async Task DeleteAsync(Deployment deployment, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var deleted = await deployment.Api.DeleteAsync(new Uri("/apis/" + path, UriKind.Relative), Stop);
            Assert.True(deleted.IsSuccessStatusCode, path);
        }
    }

    private static async Task OpensAsync(Tenant tenant)
    {
        await tenant.CreateAsync(await tenant.SealAsync(tenant.Secret()));
        await tenant.SecretAsync("testsecret", secret => Assert.Equal("bar", Tenant.Item(secret, "foo")));
        await tenant.SealedSecretAsync("testsecret", sealedSecret => Assert.Equal("True", (string?)Tenant.Synced(sealedSecret)["status"]));
    }
}
