using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Kubernetes;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Providers.Tests.Kubernetes;

/// <summary>A namespace of its own in a cluster, a service account that may do what it is granted there, and stores that log in as it.</summary>
internal sealed class KubernetesSetUp : IDisposable
{
    private const string Account = "reader";
    private readonly ITestCluster cluster;
    private readonly HttpClient admin;

    private KubernetesSetUp(ITestCluster cluster, HttpClient admin) => (this.cluster, this.admin) = (cluster, admin);

    public string Namespace { get; } = "kube-" + Guid.NewGuid().ToString("N")[..8];

    public MemoryCluster Credentials { get; } = new("team-a");

    public CallLog Calls { get; } = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<KubernetesSetUp> MakeAsync(ITestCluster cluster, string verbs = "get,list,create,update,delete")
    {
        var set = new KubernetesSetUp(cluster, cluster.CreateAdminClient());
        await set.CreateAsync("api/v1/namespaces", new { metadata = new { name = set.Namespace } });
        await set.CreateAsync($"api/v1/namespaces/{set.Namespace}/serviceaccounts", new { metadata = new { name = Account } });
        if (verbs.Length > 0) await set.GrantAsync(verbs.Split(','));
        set.Credentials.Put("team-a", "login", "token", await cluster.CreateServiceAccountTokenAsync(set.Namespace, Account, Stop) + "\n");
        return set;
    }

    public string KubeconfigFor(string token) => cluster.KubeconfigForToken(token);

    /// <summary>A store that logs in with the token, if it says nothing else.</summary>
    public Task<ISecretSource> OpenAsync(Action<JsonObject>? change = null, bool isClusterWide = false)
    {
        var options = new JsonObject
        {
            ["server"] = new JsonObject { ["url"] = cluster.Address.ToString(), ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.CertificateAuthorityPem)) },
            ["remoteNamespace"] = Namespace,
            ["auth"] = new JsonObject { ["token"] = new JsonObject { ["bearerToken"] = new JsonObject { ["name"] = "login", ["key"] = "token" } } },
        };
        change?.Invoke(options);
        var store = new StoreDescription(isClusterWide ? "ClusterSecretStore" : "SecretStore", "kube", isClusterWide ? null : "team-a", JsonSerializer.SerializeToElement(options));
        var provider = new KubernetesProvider();
        Assert.Empty(provider.Check(store));
        return provider.OpenAsync(new StoreContext(store, Credentials, new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), Calls, null, TimeProvider.System), Stop);
    }

    /// <summary>The store's own client, logged in as the service account.</summary>
    public async Task<KubernetesClient> ClientAsync()
    {
        var connection = KubeconfigText.Read(KubeconfigFor(await cluster.CreateServiceAccountTokenAsync(Namespace, Account, Stop)), TimeProvider.System);
        var http = new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System).Create(new HttpSettings { Authorities = connection.Authorities });
        return new KubernetesClient(http, connection, new CallMeter(Calls, "Kubernetes", TimeProvider.System), TimeProvider.System);
    }

    public Task PutAsync(string name, object data, object? labels = null, object? annotations = null, string? type = null) =>
        CreateAsync($"api/v1/namespaces/{Namespace}/secrets", new { metadata = new { name, labels, annotations }, type, stringData = data });

    public async Task ReplaceAsync(string name, object data)
    {
        using var answer = await admin.DeleteAsync(new Uri($"api/v1/namespaces/{Namespace}/secrets/{name}", UriKind.Relative), Stop);
        await PutAsync(name, data);
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

    public async Task<JsonObject?> SecretAsync(string name)
    {
        using var answer = await admin.GetAsync(new Uri($"api/v1/namespaces/{Namespace}/secrets/{name}", UriKind.Relative), Stop);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>(Stop) : null;
    }

    public void Dispose() => admin.Dispose();

    private async Task GrantAsync(string[] verbs)
    {
        var rbac = $"apis/rbac.authorization.k8s.io/v1/namespaces/{Namespace}/";
        await CreateAsync(rbac + "roles", new { metadata = new { name = Account }, rules = new[] { new { apiGroups = new[] { "" }, resources = new[] { "secrets" }, verbs } } });
        await CreateAsync(rbac + "rolebindings", new
        {
            metadata = new { name = Account },
            roleRef = new { apiGroup = "rbac.authorization.k8s.io", kind = "Role", name = Account },
            subjects = new[] { new { kind = "ServiceAccount", name = Account, @namespace = Namespace } },
        });
    }

    private async Task CreateAsync(string path, object body)
    {
        using var answer = await admin.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync(Stop)}");
    }
}
