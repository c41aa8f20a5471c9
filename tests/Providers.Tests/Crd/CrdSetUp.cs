using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Crd;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Crd;

/// <summary>Two namespaces of a cluster with ConfigMaps, and a service account that may read those of the first, or of all.</summary>
internal sealed class CrdSetUp : IDisposable
{
    private const string Account = "reader";
    private readonly ITestCluster cluster;
    private readonly HttpClient admin;

    private CrdSetUp(ITestCluster cluster, HttpClient admin) => (this.cluster, this.admin) = (cluster, admin);

    public string Namespace { get; } = "crd-" + Guid.NewGuid().ToString("N")[..8];

    public string Other => Namespace + "-b";

    public MemoryCluster Credentials { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<CrdSetUp> MakeAsync(ITestCluster cluster)
    {
        var set = new CrdSetUp(cluster, cluster.CreateAdminClient());
        foreach (var name in (string[])[set.Namespace, set.Other]) await set.CreateAsync("api/v1/namespaces", new { metadata = new { name } });
        await set.CreateAsync($"api/v1/namespaces/{set.Namespace}/serviceaccounts", new { metadata = new { name = Account } });
        var rules = new[] { new { apiGroups = new[] { "" }, resources = new[] { "configmaps" }, verbs = new[] { "get", "list" } } };
        var subjects = new[] { new { kind = "ServiceAccount", name = Account, @namespace = set.Namespace } };
        await set.CreateAsync($"apis/rbac.authorization.k8s.io/v1/namespaces/{set.Namespace}/roles", new { metadata = new { name = Account }, rules });
        await set.CreateAsync($"apis/rbac.authorization.k8s.io/v1/namespaces/{set.Namespace}/rolebindings", new { metadata = new { name = Account }, roleRef = new { apiGroup = "rbac.authorization.k8s.io", kind = "Role", name = Account }, subjects });
        set.Credentials = new MemoryCluster(set.Namespace);
        set.Credentials.Put(set.Namespace, "login", "token", await cluster.CreateServiceAccountTokenAsync(set.Namespace, Account, Stop));
        return set;
    }

    /// <summary>Lets the account read ConfigMaps and namespaces of the whole cluster.</summary>
    public async Task GrantAllAsync()
    {
        var subjects = new[] { new { kind = "ServiceAccount", name = Account, @namespace = Namespace } };
        var rules = new[] { new { apiGroups = new[] { "" }, resources = new[] { "configmaps", "namespaces" }, verbs = new[] { "get", "list" } } };
        await CreateAsync("apis/rbac.authorization.k8s.io/v1/clusterroles", new { metadata = new { name = Namespace }, rules });
        await CreateAsync("apis/rbac.authorization.k8s.io/v1/clusterrolebindings", new { metadata = new { name = Namespace }, roleRef = new { apiGroup = "rbac.authorization.k8s.io", kind = "ClusterRole", name = Namespace }, subjects });
    }

    public Task PutAsync(string name, object data, string? @namespace = null, object? labels = null) =>
        CreateAsync($"api/v1/namespaces/{@namespace ?? Namespace}/configmaps", new { metadata = new { name, labels }, data });

    public async Task ReplaceAsync(string name, object data, string @namespace)
    {
        using var answer = await admin.DeleteAsync(new Uri($"api/v1/namespaces/{@namespace}/configmaps/{name}", UriKind.Relative), Stop);
        await PutAsync(name, data, @namespace);
    }

    /// <summary>Makes the service account anew, which ends its tokens.</summary>
    /// <returns>A token of the new one.</returns>
    public async Task<string> RenewAccountAsync()
    {
        using var answer = await admin.DeleteAsync(new Uri($"api/v1/namespaces/{Namespace}/serviceaccounts/{Account}", UriKind.Relative), Stop);
        answer.EnsureSuccessStatusCode();
        await CreateAsync($"api/v1/namespaces/{Namespace}/serviceaccounts", new { metadata = new { name = Account } });
        return await cluster.CreateServiceAccountTokenAsync(Namespace, Account, Stop);
    }

    public Task<ISecretSource> OpenAsync(string? whitelist = null, bool isClusterWide = false, string kind = "ConfigMap", string group = "")
    {
        var store = Describe(whitelist, isClusterWide, kind, group);
        var provider = new CrdProvider();
        Assert.Empty(provider.Check(store));
        return provider.OpenAsync(new StoreContext(store, Credentials, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new CallLog(), null, TimeProvider.System), Stop);
    }

    public void Dispose() => admin.Dispose();

    private StoreDescription Describe(string? whitelist, bool isClusterWide, string kind, string group)
    {
        var options = new JsonObject
        {
            ["server"] = new JsonObject { ["url"] = cluster.Address.ToString(), ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.CertificateAuthorityPem)) },
            ["auth"] = new JsonObject { ["token"] = new JsonObject { ["bearerToken"] = new JsonObject { ["name"] = "login", ["key"] = "token" } } },
            ["resource"] = new JsonObject { ["group"] = group, ["version"] = "v1", ["kind"] = kind },
        };
        if (whitelist is not null) options["whitelist"] = JsonNode.Parse(whitelist);
        return new StoreDescription(isClusterWide ? "ClusterSecretStore" : "SecretStore", "objects", isClusterWide ? null : Namespace, JsonSerializer.SerializeToElement(options));
    }

    private async Task CreateAsync(string path, object body)
    {
        using var answer = await admin.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync(Stop)}");
    }
}
