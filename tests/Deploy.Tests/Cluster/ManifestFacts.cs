using System.Net;
using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>What is rendered goes onto an API server, and gives there the access that it promises; the same on every server.</summary>
public abstract class ManifestFacts(ITestCluster cluster)
{
    private const string Account = "sealed-secrets-controller";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Kustomization.Base)]
    [InlineData(Kustomization.Example)]
    [InlineData("deploy/examples")]
    public async Task What_kustomize_renders_is_taken_by_the_server_and_applying_it_again_changes_nothing(string folder)
    {
        var manifests = await ForThisServerAsync(Kustomization.Render(folder));
        using var client = new ClusterClient(cluster);

        await client.ApplyAllAsync(manifests, Stop);

        // Definitions with rules and selectable fields cannot be applied on the server's side before 1.30.
        foreach (var manifest in manifests.All.Where(manifest => !manifest.Name.EndsWith("external-secrets.io", StringComparison.Ordinal)))
        {
            var (_, first) = await client.ApplyAsync(manifest, Stop);
            var (code, second) = await client.ApplyAsync(manifest, Stop);
            Assert.Equal(HttpStatusCode.OK, code);
            Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{namespace: chart-a, replicaCount: 2, pdb: {create: true}, networkPolicy: {enabled: true}, ingress: {enabled: true, tls: true}, metrics: {dashboards: {create: true}}}")]
    [InlineData("{namespace: chart-b, rbac: {clusterRole: false, namespacedRoles: true}, additionalNamespaces: [chart-c]}")]
    [InlineData("{namespace: chart-d, externalSecrets: {enabled: true, webhook: {enabled: true, failurePolicy: Ignore}}}")]
    [InlineData("{namespace: chart-e, externalSecrets: {enabled: true, events: {enabled: true, keysSecret: keys, sources: [{name: ci, generic: {keyFiles: [/etc/event-keys/ci]}}]}}}")]
    public async Task What_the_chart_renders_is_taken_by_the_server(string values)
    {
        using var client = new ClusterClient(cluster);
        await client.ApplyAllAsync(await ForThisServerAsync(HelmChart.Template(values, release: "chart")), Stop);
    }

    [Theory]
    [InlineData("GET", "/apis/bitnami.com/v1alpha1/sealedsecrets", true)]
    [InlineData("GET", "/api/v1/secrets", true)]
    [InlineData("GET", "/api/v1/namespaces/kube-system/secrets?labelSelector=sealedsecrets.bitnami.com%2Fsealed-secrets-key%3Dactive", true)]
    [InlineData("POST", "/api/v1/namespaces/default/secrets", true)]
    [InlineData("POST", "/api/v1/namespaces/default/events", true)]
    [InlineData("POST", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", true)]
    [InlineData("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/sealed-secrets-controller", true)]
    [InlineData("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/other", false)]
    [InlineData("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", false)]
    [InlineData("POST", "/apis/coordination.k8s.io/v1/namespaces/default/leases", false)]
    [InlineData("PATCH", "/api/v1/namespaces/default/secrets/any", false)]
    [InlineData("PATCH", "/apis/bitnami.com/v1alpha1/namespaces/default/sealedsecrets/any", false)]
    [InlineData("DELETE", "/apis/bitnami.com/v1alpha1/namespaces/default/sealedsecrets/any", false)]
    [InlineData("GET", "/api/v1/namespaces", false)]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps", false)]
    [InlineData("GET", "/api/v1/namespaces/default/pods", false)]
    [InlineData("GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles", false)]
    public async Task The_account_may_do_just_what_the_roles_say(string method, string path, bool allowed)
    {
        using (var client = new ClusterClient(cluster))
        {
            await client.ApplyAllAsync(Kustomization.Render(Kustomization.Base), Stop);
        }
        var token = await cluster.CreateServiceAccountTokenAsync("kube-system", Account, Stop);

        // A real server needs a moment until new bindings count; what is forbidden stays forbidden.
        HttpStatusCode code;
        do
        {
            code = await TryAsync(token, method, path);
        }
        while (allowed && code == HttpStatusCode.Forbidden && await PauseAsync());

        Assert.Equal(allowed, code != HttpStatusCode.Forbidden);
        Assert.NotEqual(HttpStatusCode.Unauthorized, code);
    }

    private async Task<HttpStatusCode> TryAsync(string token, string method, string path)
    {
        using var client = cluster.CreateClient(token);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PATCH")
        {
            // An empty object: the server decides about access first, and finds it wanting afterwards.
            request.Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue(method == "POST" ? "application/json" : "application/merge-patch+json"));
        }
        using var answer = await client.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private static async Task<bool> PauseAsync()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        return true;
    }

    /// <summary>policy/v1 came with 1.21; an older server takes the same object as v1beta1.</summary>
    private async Task<ManifestSet> ForThisServerAsync(ManifestSet manifests)
    {
        using var client = new ClusterClient(cluster);
        var (code, _) = await client.GetAsync("/apis/policy/v1", "application/json", Stop);
        if (code == HttpStatusCode.OK) return manifests;
        foreach (var budget in manifests.OfKind("PodDisruptionBudget")) budget.Json["apiVersion"] = JsonValue.Create("policy/v1beta1");
        return manifests;
    }
}
