using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Sealing;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.EndToEnd.Tests.Running;

/// <summary>
/// What <c>deploy/kustomize/base</c> puts into a cluster, except that no kubelet starts the pod: the controller runs as a process with the
/// token of its service account, so that a right missing from the manifests fails here.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    public const string Namespace = "kube-system";
    public const string Name = "sealed-secrets-controller";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly WorkFolderOfDeployment folder;

    private Deployment(ITestCluster cluster, HttpClient api, WorkFolderOfDeployment folder)
    {
        Cluster = cluster;
        Api = api;
        this.folder = folder;
    }

    public ITestCluster Cluster { get; }

    /// <summary>The administrator's client.</summary>
    public HttpClient Api { get; }

    public ControllerProcess Controller { get; private set; } = null!;

    /// <summary>The kubeconfig the controller runs with.</summary>
    public string ControllerKubeconfig => folder.Kubeconfig;

    public static Task<Deployment> StartAsync(ITestCluster cluster, CancellationToken cancellationToken) => StartAsync(cluster, [], [], cancellationToken);

    /// <param name="more">Files of <c>deploy/</c> that are applied beside the base.</param>
    /// <param name="arguments">Of the controller.</param>
    public static Task<Deployment> StartAsync(ITestCluster cluster, IReadOnlyList<string> more, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        StartAsync(cluster, more, arguments, new Dictionary<string, string>(), cancellationToken);

    /// <param name="more">Files of <c>deploy/</c> that are applied beside the base.</param>
    /// <param name="arguments">Of the controller.</param>
    /// <param name="environment">Variables of the controller, besides its own.</param>
    public static async Task<Deployment> StartAsync(
        ITestCluster cluster, IReadOnlyList<string> more, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var deployment = new Deployment(cluster, cluster.CreateAdminClient(), new WorkFolderOfDeployment());
        try
        {
            await deployment.ApplyManifestsAsync(more, cancellationToken);
            var token = await cluster.CreateServiceAccountTokenAsync(Namespace, Name, cancellationToken);
            await File.WriteAllTextAsync(deployment.folder.Kubeconfig, cluster.KubeconfigForToken(token), cancellationToken);
            await deployment.StartControllerAsync(arguments, environment, cancellationToken);
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    public Task StartControllerAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) => StartControllerAsync(arguments, new Dictionary<string, string>(), cancellationToken);

    private async Task StartControllerAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        Controller = await ControllerProcess.StartAsync(folder.Kubeconfig, arguments, environment, cancellationToken);
        await Cluster.MapServiceProxyAsync(Namespace, Name, 8080, Controller.Address, cancellationToken);
    }

    /// <summary>The certificate that <c>kubeseal</c> would fetch: through the API server's service proxy.</summary>
    public async Task<SealingCertificate> CertificateAsync(CancellationToken cancellationToken)
    {
        var pem = await Api.GetStringAsync(new Uri($"/api/v1/namespaces/{Namespace}/services/http:{Name}:http/proxy/v1/cert.pem", UriKind.Relative), cancellationToken);
        return SealingCertificate.TryLoad(pem, out var certificate, out var failure) ? certificate : throw new InvalidOperationException(failure.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (Controller is not null) await Controller.DisposeAsync();
        Api.Dispose();
        folder.Dispose();
    }

    private async Task ApplyManifestsAsync(IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        string[] files = ["crds/sealedsecrets.bitnami.com.yaml", .. new[] { "service-account", "unsealer", "key-admin", "leader-election", "service-proxier" }.Select(name => $"kustomize/base/{name}.yaml"), .. more];
        foreach (var file in files)
        {
            foreach (var document in YamlReader.ReadAll(await File.ReadAllTextAsync(RepositoryFolder.Of("deploy", file), cancellationToken)))
            {
                if (document.Root is not JsonObject manifest) continue;
                if ((string?)manifest["kind"] == "CustomResourceDefinition") await DefineAsync(manifest, cancellationToken);
                else await ApplyAsync(manifest, cancellationToken);
            }
        }
        await EventuallyAsync(async () => // a real server serves a kind a moment after it took the definition
        {
            using var answer = await Api.GetAsync(new Uri("/apis/bitnami.com/v1alpha1/sealedsecrets", UriKind.Relative), cancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"the kind is not served yet: {(int)answer.StatusCode}");
        }, cancellationToken);
    }

    // Server-side apply of what an old server does not know in a definition is an error; created, it is left out (docs/install.md).
    private async Task DefineAsync(JsonObject definition, CancellationToken cancellationToken)
    {
        using var content = new StringContent(definition.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Api.PostAsync(new Uri($"/apis/{(string)definition["apiVersion"]!}/customresourcedefinitions", UriKind.Relative), content, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict, $"{definition["metadata"]!["name"]}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Server-side apply, by the administrator; what has a namespace and names none goes to <see cref="Namespace"/>.</summary>
    public async Task ApplyAsync(JsonObject manifest, CancellationToken cancellationToken)
    {
        var (code, body) = await TryApplyAsync(manifest, cancellationToken);
        Assert.True((int)code < 300, $"{manifest["kind"]} {manifest["metadata"]!["name"]}: {body["message"]}");
    }

    /// <returns>The answer, whatever it is.</returns>
    public async Task<(HttpStatusCode Code, JsonObject Body)> TryApplyAsync(JsonObject manifest, CancellationToken cancellationToken)
    {
        var apiVersion = (string)manifest["apiVersion"]!;
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";
        var plural = $"{((string)manifest["kind"]!).ToLowerInvariant()}s";
        var isCluster = plural is "namespaces" || ((string[])["cluster", "custom", "validating"]).Any(start => plural.StartsWith(start, StringComparison.Ordinal));
        var scope = isCluster ? "" : $"/namespaces/{(string?)manifest["metadata"]!["namespace"] ?? Namespace}";
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{root}{scope}/{plural}/{Uri.EscapeDataString((string)manifest["metadata"]!["name"]!)}?fieldManager=end-to-end&force=true")
        {
            Content = new StringContent(manifest.ToJsonString(), Encoding.UTF8),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/apply-patch+yaml");
        using var answer = await Api.SendAsync(request, cancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!.AsObject());
    }

    /// <summary>Tries until it holds; the last failure is the answer when it does not hold in time.</summary>
    public async Task EventuallyAsync(Func<Task> claim, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await claim();
                return;
            }
            catch (Exception) when (TimeProvider.System.GetElapsedTime(start) < Patience && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
            catch (Exception failure) when (Controller is not null)
            {
                Assert.Fail($"{failure.Message}\nThe controller said at last:\n{string.Join('\n', Controller.Log.Split('\n').TakeLast(30))}");
            }
        }
    }

    private sealed class WorkFolderOfDeployment : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("deployment-").FullName;

        public string Kubeconfig => Path.Combine(path, "controller.kubeconfig");

        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}
