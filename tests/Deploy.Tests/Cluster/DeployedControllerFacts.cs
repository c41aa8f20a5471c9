using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Helm;
using GitOpsSecrets.Deploy.Tests.Kustomize;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.Deploy.Tests.Monitoring;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>The controller at work with nothing but the rights that the manifests give it.</summary>
public abstract class DeployedControllerFacts(ITestCluster cluster)
{
    private const int Patience = 300_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = Patience)]
    public async Task Every_example_becomes_its_secret_with_the_rights_of_the_kustomize_base()
    {
        var manifests = Kustomization.Render(Kustomization.Base);
        using var client = new ClusterClient(cluster);
        await using var controller = await DeployedController.StartAsync(cluster, manifests, TestContext.Current.CancellationToken);
        await client.ApplyAllAsync(Kustomization.Render("deploy/examples"), Stop);

        Assert.Equal("changeme", await ItemAsync(client, "examples", "database", "password"));
        Assert.Equal("alice", await ItemAsync(client, "examples", "database", "username"));
        Assert.Equal("changeme", await ItemAsync(client, "examples", "shared-token", "token"));
        Assert.Equal("changeme", await ItemAsync(client, "examples", "everywhere", "token"));
        Assert.Contains("registry.example", await ItemAsync(client, "examples", "registry-login", ".dockerconfigjson"), StringComparison.Ordinal);
        Assert.Equal("changeme", await ItemAsync(client, "examples", "adopted", "token"));
        Assert.Equal("changeme", await ItemAsync(client, "examples", "patched", "token"));
        Assert.Equal("https://issuer.example", await ItemAsync(client, "examples", "patched", "issuer"));

        var login = await SecretAsync(client, "examples", "registry-login");
        Assert.Equal(("kubernetes.io/dockerconfigjson", "team-a", "examples"),
            ((string?)login["type"], (string?)login["metadata"]!["annotations"]!["example.com/owner"], (string?)login["metadata"]!["labels"]!["app.kubernetes.io/part-of"]));
        Assert.True((bool)(await SecretAsync(client, "examples", "signing-salt"))["immutable"]!);
        Assert.Null((await SecretAsync(client, "examples", "outlives"))["metadata"]!["ownerReferences"]);
        await SyncedAsync(client, "examples", "database");
        await EventAsync(client, "examples", "Unsealed");
        NothingWasForbidden("system:serviceaccount:kube-system:sealed-secrets-controller");
    }

    [Fact(Timeout = Patience)]
    public async Task The_chart_with_roles_in_two_namespaces_serves_those_two_and_leaves_others_alone()
    {
        var manifests = HelmChart.Template(
            "{fullnameOverride: limited, rbac: {clusterRole: false, namespacedRoles: true, namespacedRolesName: limited}, additionalNamespaces: [limited-a]}", ns: "limited");
        using var client = new ClusterClient(cluster);
        await client.EnsureNamespaceAsync("limited-b", Stop);
        await using var controller = await DeployedController.StartAsync(cluster, manifests, TestContext.Current.CancellationToken);

        foreach (var ns in new[] { "limited-b", "limited-a", "limited" }) await client.ApplyAllAsync(ManifestSet.Parse(Everywhere(ns)), Stop);

        Assert.Equal("changeme", await ItemAsync(client, "limited-a", "everywhere", "token"));
        Assert.Equal("changeme", await ItemAsync(client, "limited", "everywhere", "token"));
        var (code, _) = await client.GetAsync("/api/v1/namespaces/limited-b/secrets/everywhere", "application/json", Stop);
        Assert.Equal(HttpStatusCode.NotFound, code);
        NothingWasForbidden("system:serviceaccount:limited:limited");
    }

    [Fact(Timeout = Patience)]
    public async Task A_scrape_holds_the_metrics_that_alerts_and_dashboard_ask_for()
    {
        await using var controller = await DeployedController.StartAsync(cluster, Kustomization.Render(Kustomization.Base), TestContext.Current.CancellationToken);
        using var client = new ClusterClient(cluster);
        await client.ApplyAllAsync(ManifestSet.Parse(Everywhere("scraped")), Stop);
        await SyncedAsync(client, "scraped", "everywhere");

        using var http = new HttpClient { BaseAddress = controller.MetricsAddress };
        await http.GetStringAsync(new Uri(controller.ApiAddress, "/v1/cert.pem"), Stop); // requests are counted from the first one on
        var scraped = MetricNames.UsedIn(await http.GetStringAsync("/metrics", Stop));

        foreach (var file in new[] { "deploy/monitoring/prometheus-rule.yaml", "deploy/monitoring/dashboard.json" })
        {
            Assert.DoesNotContain(MetricNames.UsedIn(Repository.Read(file)), name => !scraped.Contains(name) && !IsOfExternalSecrets(name));
        }
    }

    // The base serves SealedSecrets alone; these come with the kinds of External Secrets.
    private static bool IsOfExternalSecrets(string name) =>
        new[] { "externalsecret_", "secretstore_", "cluster", "pushsecret_", "sealed_secrets_controller_store_", "sealed_secrets_controller_provider_", "sealed_secrets_controller_external_" }
            .Any(start => name.StartsWith(start, StringComparison.Ordinal));

    private static string Everywhere(string ns) =>
        Repository.Read("deploy/examples/cluster-wide.yaml").Replace("namespace: examples", $"namespace: {ns}", StringComparison.Ordinal);

    private void NothingWasForbidden(string user)
    {
        var requests = cluster.Requests.All().Where(request => request.User == user).ToList();
        Assert.NotEmpty(requests);
        // Whether External Secrets is wanted is found out by asking; these deployments grant no rights for it.
        Assert.DoesNotContain(requests, request => request.StatusCode is 401 or 403 && request is not { Verb: "list", Resource: "externalsecrets" });
    }

    private static async Task<string> ItemAsync(ClusterClient client, string ns, string name, string item)
    {
        // `adopted` and `patched` are there before the controller comes to them, so what counts is what they become.
        var secret = await UntilAsync(client, $"/api/v1/namespaces/{ns}/secrets/{name}", json => json["data"]?[item] is not null && (name, item) is not ("adopted", "token")
            || Decoded(json, item) == "changeme");
        return Decoded(secret, item)!;
    }

    private static string? Decoded(JsonNode secret, string item) =>
        secret["data"]?[item] is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String((string)value!)) : null;

    private static Task<JsonNode> SecretAsync(ClusterClient client, string ns, string name) =>
        UntilAsync(client, $"/api/v1/namespaces/{ns}/secrets/{name}", json => json["data"] is not null);

    private static Task<JsonNode> SyncedAsync(ClusterClient client, string ns, string name) =>
        UntilAsync(client, $"/apis/bitnami.com/v1alpha1/namespaces/{ns}/sealedsecrets/{name}", json =>
            json["status"]?["conditions"]?[0] is { } first && (string?)first["type"] == "Synced" && (string?)first["status"] == "True" && json["status"]!["sealingKeys"] is not null);

    private static Task<JsonNode> EventAsync(ClusterClient client, string ns, string reason) =>
        UntilAsync(client, $"/api/v1/namespaces/{ns}/events", json => json["items"]!.AsArray().Any(item => (string?)item!["reason"] == reason));

    private static async Task<JsonNode> UntilAsync(ClusterClient client, string path, Func<JsonNode, bool> holds)
    {
        while (true)
        {
            var (code, body) = await client.GetAsync(path, "application/json", Stop);
            if (code == HttpStatusCode.OK && holds(body)) return body;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }
    }
}
