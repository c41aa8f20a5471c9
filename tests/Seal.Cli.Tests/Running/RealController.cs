using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>The controller itself, in this process, with keys of the vectors in the cluster as a backup puts them there.</summary>
internal sealed class RealController : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ControllerProcess _process;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RealController(ControllerProcess process)
    {
        _process = process;
        _running = Task.Run(() => process.RunAsync(_stop.Token), CancellationToken.None);
    }

    public Uri Address => _process.ApiAddress!;

    /// <param name="cluster">Where it works.</param>
    /// <param name="ns">Its own namespace.</param>
    /// <param name="certificate">Id of the key whose certificate is the newest.</param>
    /// <param name="keys">Ids of the keys that open, comma-separated.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<RealController> StartAsync(ITestCluster cluster, string ns, string certificate, string keys, CancellationToken cancellationToken)
    {
        using var admin = cluster.CreateAdminClient();
        foreach (var id in keys.Split(',').Append(certificate).Distinct(StringComparer.Ordinal))
        {
            using var content = new StringContent(KeySecret(id, isNewest: id == certificate).ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await admin.PostAsync(new Uri($"/api/v1/namespaces/{ns}/secrets", UriKind.Relative), content, cancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        var process = ControllerHost.Build(
            [
                "--kubeconfig", cluster.KubeconfigPath, "--namespace", ns, "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0",
                "--key-renew-period=0", "--leader-elect=false", "--external-secrets=false",
            ],
            new ControllerSurroundings { Environment = new Dictionary<string, string>(), Output = TextWriter.Null, Error = TextWriter.Null });
        var controller = new RealController(process);
        await process.Ready.WaitAsync(Patience, cancellationToken);
        return controller;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _process.DisposeAsync();
        _stop.Dispose();
    }

    private static JsonObject KeySecret(string id, bool isNewest)
    {
        var key = File.ReadAllText(Path.Combine(Vectors.Folder, "keys", id + ".key"));
        var certificate = isNewest ? File.ReadAllText(Path.Combine(Vectors.Folder, "keys", id + ".crt")) : OlderCertificate(key);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["type"] = "kubernetes.io/tls",
            ["metadata"] = new JsonObject { ["name"] = "key-" + id, ["labels"] = new JsonObject { ["sealedsecrets.bitnami.com/sealed-secrets-key"] = "active" } },
            ["data"] = new JsonObject { ["tls.key"] = Base64(key), ["tls.crt"] = Base64(certificate) },
        };
    }

    /// <summary>The vectors' certificates are of the same minute; the one that seals must be the newest.</summary>
    private static string OlderCertificate(string key)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key);
        var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = new CertificateRequest("CN=older", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(from, from.AddYears(100));
        return made.ExportCertificatePem();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
