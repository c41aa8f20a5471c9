using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>
/// The controller as a rendering would run it: with the flags of its container and the token of its service account, so
/// that a permission that the manifests forget is one that the controller does not have. It seals with the example pair.
/// </summary>
internal sealed class DeployedController : IAsyncDisposable
{
    private readonly string kubeconfig;
    private readonly ControllerProcess process;
    private readonly CancellationTokenSource stopping = new();
    private readonly StringWriter log = new();
    private readonly Task running;

    private DeployedController(string kubeconfig, IReadOnlyList<string> arguments, string ns)
    {
        this.kubeconfig = kubeconfig;
        process = ControllerHost.Build(
            [.. arguments, $"--kubeconfig={kubeconfig}", "--allow-example-key", "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0"],
            new ControllerSurroundings
            {
                Environment = new Dictionary<string, string> { ["POD_NAMESPACE"] = ns, ["POD_NAME"] = "pod-1" },
                Output = TextWriter.Synchronized(log),
                Error = TextWriter.Synchronized(log),
            });
        running = process.RunAsync(stopping.Token);
    }

    /// <summary>Where <c>/metrics</c> is.</summary>
    public Uri MetricsAddress => process.MetricsAddress!;

    /// <summary>Where the certificate is.</summary>
    public Uri ApiAddress => process.ApiAddress!;

    /// <summary>Everything it has written so far.</summary>
    public string Log => log.ToString();

    /// <summary>Applies the manifests, stores the example pair as the sealing key, starts the controller, and waits until it works.</summary>
    public static async Task<DeployedController> StartAsync(ITestCluster cluster, ManifestSet manifests, CancellationToken cancellationToken)
    {
        using var client = new ClusterClient(cluster);
        await client.ApplyAllAsync(manifests, cancellationToken);
        var home = manifests.Deployment.Namespace!;
        await client.ApplyAllAsync(new ManifestSet([ExampleKey(home)]), cancellationToken);

        var token = await cluster.CreateServiceAccountTokenAsync(home, (string)manifests.Pod["serviceAccountName"]!, cancellationToken);
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, cluster.KubeconfigForToken(token), cancellationToken);
        var arguments = manifests.Container["args"]?.AsArray().Select(argument => (string)argument!).Where(argument => !argument.StartsWith("--listen-", StringComparison.Ordinal));
        var controller = new DeployedController(kubeconfig, [.. arguments ?? []], home);
        await Task.WhenAny(controller.process.Ready, controller.running).WaitAsync(cancellationToken);
        Assert.True(controller.process.Ready.IsCompletedSuccessfully, controller.Log);
        return controller;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await process.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        stopping.Dispose();
        File.Delete(kubeconfig);
    }

    private static Manifest ExampleKey(string ns) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["type"] = "kubernetes.io/tls",
        ["metadata"] = new JsonObject
        {
            ["name"] = "sealed-secrets-key-example",
            ["namespace"] = ns,
            ["labels"] = new JsonObject { ["sealedsecrets.bitnami.com/sealed-secrets-key"] = "active" },
        },
        ["data"] = new JsonObject { ["tls.crt"] = Base64Of("keys.example/tls.crt"), ["tls.key"] = Base64Of("keys.example/tls.key") },
    });

    private static string Base64Of(string file) => Convert.ToBase64String(Encoding.UTF8.GetBytes(Repository.Read(file)));
}
