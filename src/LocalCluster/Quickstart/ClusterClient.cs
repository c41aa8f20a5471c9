using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The few requests the demo itself makes, as the administrator: it applies manifests and looks at objects.</summary>
internal sealed class ClusterClient : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly HttpClient http;

    public ClusterClient(LocalApiServer server)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(server.CertificateAuthorityPem);
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } })
        {
            BaseAddress = server.Address,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.AdminToken);
    }

    /// <summary>Server-side apply of a manifest.</summary>
    public async Task ApplyAsync(string path, string manifest, CancellationToken cancellationToken)
    {
        using var content = new StringContent(manifest, Encoding.UTF8, new MediaTypeHeaderValue("application/apply-patch+yaml"));
        using var answer = await http.PatchAsync(new Uri(path + "?fieldManager=demo&force=true", UriKind.Relative), content, cancellationToken);
        if (answer.IsSuccessStatusCode) return;
        var status = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        throw new QuickstartException($"the API server refused the manifest: {status?["message"]}");
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await http.DeleteAsync(new Uri(path, UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <returns><c>null</c> when it is not there.</returns>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
    }

    public async Task<string> TextAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Asks until the answer is as wanted.</summary>
    /// <exception cref="QuickstartException">It never was.</exception>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T>> ask, Func<T, bool> wanted, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!limit.IsCancellationRequested)
        {
            var answer = await ask();
            if (wanted(answer)) return answer;
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }

        throw new QuickstartException($"{what} did not happen within {Patience.TotalMinutes} minutes");
    }

    public void Dispose() => http.Dispose();
}
