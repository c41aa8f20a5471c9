using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Sealing;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Bench;

/// <summary>The API server of a benchmark: a real one when <c>KUBEBUILDER_ASSETS</c> is set; and what its administrator does there.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    public const string Namespace = "bench";

    private readonly ITestCluster cluster;
    private readonly HttpClient api;

    private BenchCluster(ITestCluster cluster)
    {
        this.cluster = cluster;
        api = cluster.CreateAdminClient();
    }

    public string Kind => cluster.IsReal ? "kube-apiserver" : "in-process";

    public string KubeconfigPath => cluster.KubeconfigPath;

    /// <summary>With these definitions of <c>deploy/crds</c>, and the namespace <see cref="Namespace"/>.</summary>
    public static async Task<BenchCluster> StartAsync(params string[] definitions)
    {
        ITestCluster cluster = RealTestCluster.IsAvailable
            ? await RealTestCluster.StartAsync(CancellationToken.None)
            : await LocalTestCluster.StartAsync(new LocalApiServerOptions(), CancellationToken.None);
        var bench = new BenchCluster(cluster);
        foreach (var definition in definitions)
        {
            await bench.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", YamlReader.Read(await File.ReadAllTextAsync(Definition(definition)))!.ToJsonString());
        }
        await bench.PostAsync("/api/v1/namespaces", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = Namespace } }.ToJsonString());
        return bench;
    }

    public async Task PostAsync(string path, string body)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await api.PostAsync(new Uri(path, UriKind.Relative), content);
            if (answer.IsSuccessStatusCode) return;
            // A real server serves a new kind a moment after its definition, and asks for patience under load.
            if (attempt == 100) throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
            await PauseAsync(0.1);
        }
    }

    /// <summary>The controller's own key: it makes one when it finds none, which takes between half a second and five of CPU time.</summary>
    public Task KeepAsync(GeneratedSealingKey key)
    {
        var secret = new Secret
        {
            Metadata = new ObjectMeta { Name = "sealed-secrets-key-bench", Namespace = "kube-system", Labels = new() { [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey } },
            Data = new(StringComparer.Ordinal) { ["tls.key"] = key.PrivateKeyPem, ["tls.crt"] = Encoding.ASCII.GetBytes(key.CertificatePem) },
            Type = "kubernetes.io/tls",
        };
        return PostAsync("/api/v1/namespaces/kube-system/secrets", JsonSerializer.Serialize(secret, ApiJson.Compact.Secret));
    }

    /// <summary>The objects of a resource in <see cref="Namespace"/>.</summary>
    /// <param name="resource">For example <c>/api/v1 secrets</c>: the root, a space, the plural.</param>
    public async Task<JsonArray> ListAsync(string resource)
    {
        var (root, plural) = resource.Split(' ') is [var group, var name] ? (group, name) : throw new ArgumentException("root and plural", nameof(resource));
        return JsonNode.Parse(await api.GetStringAsync(new Uri($"{root}/namespaces/{Namespace}/{plural}", UriKind.Relative)))!["items"]!.AsArray();
    }

    /// <summary>UID and version of every object: what differs later was written.</summary>
    public async Task<HashSet<string>> VersionsAsync(params string[] resources)
    {
        var versions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            versions.UnionWith((await ListAsync(resource)).Select(item => $"{item!["metadata"]!["uid"]} {item["metadata"]!["resourceVersion"]}"));
        }
        return versions;
    }

    /// <summary>How many requests for single objects the server has answered, by verb and resource, as it counts them itself. Lists and watches do not count.</summary>
    public async Task<SortedDictionary<string, long>> RequestsAsync()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (cluster is LocalTestCluster local)
        {
            foreach (var request in local.Server.Requests.All().Where(request => request.Verb is not ("list" or "watch"))) Count($"{request.Verb} {request.Resource}", 1);
            return counts;
        }
        foreach (var line in (await api.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n'))
        {
            if (!line.StartsWith("apiserver_request_total{", StringComparison.Ordinal)) continue;
            var (verb, resource, sub) = (Label(line, "verb"), Label(line, "resource"), Label(line, "subresource"));
            if (verb is not ("LIST" or "WATCH")) Count($"{verb} {resource}{(sub.Length == 0 ? "" : "/" + sub)}", (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        }
        return counts;

        void Count(string what, long by) => counts[what] = counts.GetValueOrDefault(what) + by;
    }

    public static Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        api.Dispose();
        await cluster.DisposeAsync();
    }

    private static string Label(string line, string name)
    {
        var start = line.IndexOf($"{name}=\"", StringComparison.Ordinal);
        if (start < 0) return "";
        start += name.Length + 2;
        return line[start..line.IndexOf('"', start)];
    }

    private static string Definition(string name) => RepositoryFolder.Of("deploy", "crds", $"{name}.yaml");
}
