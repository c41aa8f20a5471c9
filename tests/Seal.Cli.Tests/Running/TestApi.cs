using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Seal.Cli.Tests.Running;

/// <summary>A Kubernetes API in this process, HTTPS and all, with a controller behind its service proxy.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private const string Namespace = "kube-system";
    private const string Service = "sealed-secrets-controller";

    private readonly ITestCluster _cluster;
    private readonly IAsyncDisposable _controller;

    private TestApi(ITestCluster cluster, IAsyncDisposable controller)
    {
        _cluster = cluster;
        _controller = controller;
    }

    public string Address => _cluster.Address.ToString().TrimEnd('/');

    public string AdminToken => ((LocalTestCluster)_cluster).Server.AdminToken;

    /// <summary>The stand-in, where there is one.</summary>
    public TestController Controller => (TestController)_controller;

    /// <summary>With a stand-in for the controller, which can also be busy, or be the original.</summary>
    /// <param name="work">Gets <c>kubeconfig</c> and <c>ca.crt</c>.</param>
    /// <param name="options"><c>cert=ID</c>, <c>keys=ID,ID</c>, <c>original</c>, <c>busy</c>, <c>bare</c> (without the definition of SealedSecrets).</param>
    /// <param name="environment">Gets KUBECONFIG.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<TestApi> StartAsync(WorkFolder work, IReadOnlyList<string> options, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions { Manifests = options.Contains("bare") ? [] : [await DefinitionAsync(cancellationToken)] }, cancellationToken);
        var controller = await TestController.StartAsync(Option(options, "cert"), Option(options, "keys"), options.Contains("original"), options.Contains("busy") ? 2 : 0, cancellationToken);
        cluster.Server.MapServiceProxy(Namespace, Service, controller.Address);
        var api = new TestApi(cluster, controller);
        await api.ApplyAsync($"{{apiVersion: v1, kind: Service, metadata: {{name: {Service}, namespace: {Namespace}}}, spec: {{ports: [{{name: http, port: 8080}}]}}}}", cancellationToken);
        await api.TellAsync(work, environment, cancellationToken);
        return api;
    }

    /// <summary>With the controller itself, on either kind of API server.</summary>
    public static async Task<TestApi> StartWithControllerAsync(
        ClusterKind kind, WorkFolder work, IReadOnlyList<string> options, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        ITestCluster cluster = kind == ClusterKind.Local ? await LocalTestCluster.StartAsync(new LocalApiServerOptions(), cancellationToken) : await RealTestCluster.StartAsync(cancellationToken);
        await ApplyAsync(cluster, await DefinitionAsync(cancellationToken), cancellationToken);
        var controller = await RealController.StartAsync(cluster, Namespace, Option(options, "cert"), Option(options, "keys"), cancellationToken);
        await cluster.MapServiceProxyAsync(Namespace, Service, 8080, controller.Address, cancellationToken);
        var api = new TestApi(cluster, controller);
        await api.TellAsync(work, environment, cancellationToken);
        return api;
    }

    private static string Option(IReadOnlyList<string> options, string name) =>
        options.FirstOrDefault(option => option.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "main";

    private static Task<string> DefinitionAsync(CancellationToken cancellationToken) =>
        File.ReadAllTextAsync(RepositoryFolder.Of("deploy", "crds", "sealedsecrets.bitnami.com.yaml"), cancellationToken);

    private async Task TellAsync(WorkFolder work, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(work.File("kubeconfig"), _cluster.Kubeconfig, cancellationToken);
        await File.WriteAllTextAsync(work.File("ca.crt"), _cluster.CertificateAuthorityPem, cancellationToken);
        environment["KUBECONFIG"] = work.File("kubeconfig");
    }

    /// <summary>Creates each object of a manifest, and writes its status where it has one.</summary>
    public Task ApplyAsync(string manifest, CancellationToken cancellationToken) => ApplyAsync(_cluster, manifest, cancellationToken);

    private static async Task ApplyAsync(ITestCluster cluster, string manifest, CancellationToken cancellationToken)
    {
        using var client = cluster.CreateAdminClient();
        foreach (var document in YamlReader.ReadAll(manifest))
        {
            var node = document.Root!.AsObject();
            var version = (string)node["apiVersion"]!;
            var plural = ((string)node["kind"]!).ToLowerInvariant() + "s";
            var space = (string?)node["metadata"]!["namespace"];
            var path = (version == "v1" ? "/api/v1" : "/apis/" + version) + (space is null ? "" : $"/namespaces/{space}") + "/" + plural;
            using var answer = await client.PostAsJsonAsync(path, node, cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(cancellationToken));
            if (node["status"] is not { } status) continue;
            var created = (await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
            created["status"] = status.DeepClone();
            using var written = await client.PutAsJsonAsync($"{path}/{created["metadata"]!["name"]}/status", created, cancellationToken);
            if (!written.IsSuccessStatusCode) throw new InvalidOperationException(await written.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}
