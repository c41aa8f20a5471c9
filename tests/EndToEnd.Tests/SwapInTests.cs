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

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, OnEachCluster]
    public async Task With_the_roles_of_the_original_and_its_neighbours_kinds_SealedSecrets_are_opened(ClusterKind kind)
    {
        await using ITestCluster cluster = kind == ClusterKind.Real ? await RealTestCluster.StartAsync(Stop) : await LocalTestCluster.StartAsync(new LocalApiServerOptions(), Stop);
        await using var deployment = await Deployment.StartAsync(cluster, ["crds/externalsecrets.external-secrets.io.yaml", "crds/secretstores.external-secrets.io.yaml", "crds/sopssecrets.isindir.github.com.yaml"], [], Stop);
        await deployment.Controller.DisposeAsync();
        await deployment.ApplyAsync(YamlReader.Read(Roles)!.AsObject(), Stop);
        foreach (var gone in new[] { "rbac.authorization.k8s.io/v1/{0}/rolebindings/sealed-secrets-leader-election", "rbac.authorization.k8s.io/v1/{0}/roles/sealed-secrets-leader-election", "coordination.k8s.io/v1/{0}/leases/" + Deployment.Name })
        {
            using var deleted = await deployment.Api.DeleteAsync(new Uri("/apis/" + gone.Replace("{0}", "namespaces/" + Deployment.Namespace, StringComparison.Ordinal), UriKind.Relative), Stop);
            Assert.True(deleted.IsSuccessStatusCode, gone);
        }

        await deployment.StartControllerAsync([], Stop);
        var tenant = await Tenant.CreateAsync(deployment, Stop);
        await tenant.CreateAsync(await tenant.SealAsync(tenant.Secret()));
        await tenant.SecretAsync("testsecret", secret => Assert.Equal("bar", Tenant.Item(secret, "foo")));
        await tenant.SealedSecretAsync("testsecret", sealedSecret => Assert.Equal("True", (string?)Tenant.Synced(sealedSecret)["status"]));
        Assert.Contains("working without leader election", deployment.Controller.Log, StringComparison.Ordinal);
    }
}
