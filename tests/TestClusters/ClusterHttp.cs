using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.TestClusters;

/// <summary>Plain HTTPS to a cluster, its certificate checked against its own authority only.</summary>
internal static class ClusterHttp
{
    public static HttpClient Client(Uri address, string caPem, string? token)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(caPem);
        var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        var client = new HttpClient(handler) { BaseAddress = address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public static async Task<string> RequestTokenAsync(ITestCluster cluster, string ns, string name, CancellationToken cancellationToken)
    {
        using var client = cluster.CreateAdminClient();
        var body = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } };
        using var answer = await client.PostAsJsonAsync($"/api/v1/namespaces/{ns}/serviceaccounts/{name}/token", body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return json!["status"]!["token"]!.GetValue<string>();
    }
}
