using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller;
using GitOpsSecrets.LocalCluster;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Bench;

/// <summary>
/// So many ExternalSecrets over a few remote keys of Secrets Manager, on moto (<c>MOTO_URL</c>): how often AWS is asked for values, and how often a role is assumed,
/// in one refresh window. Counted by the controller's own metrics; time plays no part.
/// The goals: 50 value calls at most for 50 keys, 3 with batches of 20; one login, however many objects there are.
/// Arguments: objects (1000), remote keys (50).
/// </summary>
internal sealed partial class AwsBenchmark(LocalTestCluster cluster, Uri moto)
{
    private const string Namespace = "bench";

    public static bool Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<bool> RunAsync(string[] args)
    {
        if (Environment.GetEnvironmentVariable("MOTO_URL") is not { Length: > 0 } url)
        {
            Console.Error.WriteLine("set MOTO_URL to the address of a moto_server");
            return false;
        }
        var objects = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        var keys = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        var met = await MeasureAsync(new Uri(url), keys, keys);
        return await MeasureAsync(new Uri(url), objects, keys) && met;
    }

    private static async Task<bool> MeasureAsync(Uri moto, int objects, int keys)
    {
        var kinds = Directory.GetFiles(Path.Combine(Root(), "deploy", "crds"), "*.yaml").Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        await using var cluster = await LocalTestCluster.StartAsync(new LocalApiServerOptions { Manifests = kinds }, CancellationToken.None);
        var bench = new AwsBenchmark(cluster, moto);
        await bench.PrepareAsync(objects, keys);
        var calls = await bench.SyncAsync(objects);
        Console.WriteLine($"{objects} ExternalSecrets over {keys} keys: {string.Join(", ", calls.Select(call => $"{call.Value} {call.Key}"))}");
        var values = calls.GetValueOrDefault("GetSecretValue") + calls.GetValueOrDefault("BatchGetSecretValue");
        return Verdict.AtMost("value calls, without batches", values, keys)
            & Verdict.AtMost("value calls, in batches of 20", values, Math.Ceiling(keys / 20.0))
            & Verdict.AtMost("roles assumed", calls.GetValueOrDefault("AssumeRole"), 1);
    }

    private async Task PrepareAsync(int objects, int keys)
    {
        var run = Guid.NewGuid().ToString("n");
        using var api = cluster.CreateAdminClient();
        await PostAsync(api, "/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: bench}}");
        await PostAsync(api, $"/api/v1/namespaces/{Namespace}/secrets", "{apiVersion: v1, kind: Secret, metadata: {name: aws}, stringData: {id: AKIABENCH, secret: of-the-bench}}");
        await PostAsync(api, $"/apis/external-secrets.io/v1/namespaces/{Namespace}/secretstores", """
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: aws}
            spec:
              provider:
                aws:
                  service: SecretsManager
                  region: eu-west-1
                  role: arn:aws:iam::123456789012:role/bench
                  auth: {secretRef: {accessKeyIDSecretRef: {name: aws, key: id}, secretAccessKeySecretRef: {name: aws, key: secret}}}
            """);
        for (var i = 0; i < keys; i++) await CreateRemoteAsync($"{run}/{i}", $$"""{"password":"value-{{i}}"}""");
        await Parallel.ForAsync(0, objects, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await PostAsync(api, $"/apis/external-secrets.io/v1/namespaces/{Namespace}/externalsecrets", $$"""
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db-{{i}}}
            spec:
              refreshInterval: 1h
              secretStoreRef: {name: aws}
              data:
                - secretKey: password
                  remoteRef: {key: {{run}}/{{i % keys}}, property: password}
            """));
    }

    /// <summary>Until every Secret is written; then the calls to AWS, by operation.</summary>
    private async Task<SortedDictionary<string, double>> SyncAsync(int objects)
    {
        var surroundings = new ControllerSurroundings
        {
            Environment = new Dictionary<string, string>(),
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Providers = new ProviderCatalog([new AwsProvider(name => name == "AWS_ENDPOINT_URL" ? moto.ToString() : null)]),
        };
        await using var controller = ControllerHost.Build(
            ["--kubeconfig", cluster.KubeconfigPath, "--namespace", "kube-system", "--listen-addr=127.0.0.1:0", "--listen-metrics-addr=127.0.0.1:0", "--key-size=2048", "--key-renew-period=0", "--leader-elect=false"], surroundings);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => controller.RunAsync(stop.Token), CancellationToken.None);
        await controller.Listening;
        using var api = cluster.CreateAdminClient();
        while (await SyncedAsync(api) < objects) await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(controller.MetricsAddress!, "/metrics"));
        await stop.CancelAsync();
        await running;
        var calls = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in Calls().Matches(metrics).AsEnumerable())
        {
            calls[line.Groups["call"].Value] = calls.GetValueOrDefault(line.Groups["call"].Value) + double.Parse(line.Groups["count"].Value, CultureInfo.InvariantCulture);
        }
        return calls;
    }

    private static async Task<int> SyncedAsync(HttpClient api)
    {
        var list = JsonNode.Parse(await api.GetStringAsync(new Uri($"/apis/external-secrets.io/v1/namespaces/{Namespace}/externalsecrets", UriKind.Relative)))!;
        return list["items"]!.AsArray().Count(item => (string?)item!["status"]?["conditions"]?[0]?["status"] == "True");
    }

    private static async Task PostAsync(HttpClient api, string path, string yaml)
    {
        using var content = new StringContent(YamlReader.Read(yaml)!.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await api.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>moto verifies no signature.</summary>
    private async Task CreateRemoteAsync(string name, string value)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, moto);
        request.Content = new StringContent(new JsonObject { ["Name"] = name, ["SecretString"] = value }.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "secretsmanager.CreateSecret");
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=AKIABENCH/20260101/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=00");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "GitOpsSecrets.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("""^externalsecret_provider_api_calls_count\{[^}]*call="(?<call>\w+)"[^}]*\} (?<count>\S+)$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Calls();
}
