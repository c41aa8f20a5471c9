using System.Diagnostics;
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

/// <summary>
/// The controller as a process of its own against an API server (a real one when <c>KUBEBUILDER_ASSETS</c> is set): so many one-item SealedSecrets
/// synced from nothing, then more of them, then a restart over all, unchanged. CPU is the controller's alone, as the kernel counts it, its start included;
/// memory is what is resident of the process, files it maps included. The cores in use are told for the controller and for all that works for it.
/// The goals: 9 CPU-ms an object (the original takes 16), ready in 10 s, 60 MiB empty and 100 MiB with 10,000 objects.
/// Arguments: objects to sync (1000), objects for the restart (10000), path of the published controller.
/// </summary>
internal sealed class ControllerBenchmark : IDisposable
{
    private const string Namespace = "bench";

    private readonly ITestCluster cluster;
    private readonly PortLease http = PortLease.Take();
    private readonly PortLease metrics = PortLease.Take();
    private readonly HttpClient api;
    private readonly string program;
    private readonly SealingCertificate certificate;
    private int created;

    private ControllerBenchmark(ITestCluster cluster, string program, SealingCertificate certificate)
    {
        this.cluster = cluster;
        this.program = program;
        this.certificate = certificate;
        api = cluster.CreateAdminClient();
    }

    public static bool Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    public void Dispose()
    {
        api.Dispose();
        http.Dispose();
        metrics.Dispose();
    }

    private static async Task<bool> RunAsync(string[] args)
    {
        var first = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        var all = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
        var program = args.Length > 2 ? Path.GetFullPath(args[2]) : Path.Combine(AppContext.BaseDirectory, "GitOpsSecrets.Controller");
        await using ITestCluster cluster = RealTestCluster.IsAvailable
            ? await RealTestCluster.StartAsync(CancellationToken.None)
            : await LocalTestCluster.StartAsync(new LocalApiServerOptions(), CancellationToken.None);
        using var key = SealingKeyGenerator.Generate(SealingKeyGenerator.DefaultKeyBits, "", TimeProvider.System.GetUtcNow(), SealingKeyGenerator.DefaultTtl);
        if (!SealingCertificate.TryLoad(key.CertificatePem, out var certificate, out _)) throw new InvalidOperationException("a generated certificate does not load");
        using var bench = new ControllerBenchmark(cluster, program, certificate);
        await bench.PrepareAsync(key);
        Console.WriteLine($"API server: {(cluster.IsReal ? "kube-apiserver" : "in-process")}; controller: {program}");
        return await bench.MeasureAsync(first, all);
    }

    private async Task<bool> MeasureAsync(int first, int all)
    {
        double empty;
        using (var idle = await StartAsync())
        {
            await PauseAsync(10);
            empty = Megabytes(idle);
            await StopAsync(idle);
        }
        await CreateAsync(first);
        var met = await FromNothingAsync(first, all);
        var before = await VersionsAsync();
        var clock = Stopwatch.GetTimestamp();
        using var again = await StartAsync();
        var ready = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        await PauseAsync(15);
        again.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"restart over {all} unchanged objects: {again.TotalProcessorTime.TotalSeconds:F1} CPU-s in all"));
        met &= Verdict.AtMost("restart: seconds until ready", ready, 10);
        met &= Verdict.AtMost("restart: objects written", before.Except(await VersionsAsync()).Count(), 0);
        met &= Verdict.AtMost("MiB empty", empty, 60);
        met &= Verdict.AtMost($"MiB with {all} objects", Megabytes(again), 100);
        await StopAsync(again);
        return met;
    }

    private async Task<bool> FromNothingAsync(int first, int all)
    {
        var (clock, before) = (Stopwatch.GetTimestamp(), ProcessTimes.OfChildren());
        using var working = await StartAsync();
        await SyncedAsync(first);
        working.Refresh();
        var (wall, cpu, together) = (Stopwatch.GetElapsedTime(clock).TotalSeconds, working.TotalProcessorTime, ProcessTimes.OfChildren() - before);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{first} objects from nothing: {wall:F1} s wall, {cpu.TotalSeconds:F1} CPU-s, {cpu.TotalSeconds / wall:F2} cores; with the API server and etcd {together.TotalSeconds / wall:F2} of {Environment.ProcessorCount} cores"));
        var met = Verdict.AtMost("CPU-ms an object, start included", cpu.TotalMilliseconds / first, 9);
        await CreateAsync(all - first);
        await SyncedAsync(all);
        await StopAsync(working);
        return met;
    }

    private async Task PrepareAsync(GeneratedSealingKey key)
    {
        var definition = YamlReader.Read(await File.ReadAllTextAsync(Definition()))!;
        await PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition.ToJsonString());
        await PostAsync("/api/v1/namespaces", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = Namespace } }.ToJsonString());
        var secret = new Secret
        {
            Metadata = new ObjectMeta { Name = "sealed-secrets-key-bench", Namespace = "kube-system", Labels = new() { [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey } },
            Data = new(StringComparer.Ordinal) { ["tls.key"] = key.PrivateKeyPem, ["tls.crt"] = Encoding.ASCII.GetBytes(key.CertificatePem) },
            Type = "kubernetes.io/tls",
        };
        await PostAsync("/api/v1/namespaces/kube-system/secrets", JsonSerializer.Serialize(secret, ApiJson.Compact.Secret));
    }

    private async Task CreateAsync(int count)
    {
        Console.Error.WriteLine($"creating {count} objects…");
        var from = created;
        created += count;
        await Parallel.ForAsync(from, created, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var secret = new Secret { Metadata = new ObjectMeta { Name = $"db-{i}", Namespace = Namespace }, Data = new(StringComparer.Ordinal) { ["password"] = Encoding.ASCII.GetBytes($"password-{i}") } };
            await PostAsync($"/apis/bitnami.com/v1alpha1/namespaces/{Namespace}/sealedsecrets", JsonSerializer.Serialize(Sealer.Seal(secret, certificate, hint: false).SealedSecret!, ApiJson.Compact.SealedSecret));
        });
    }

    private async Task PostAsync(string path, string body)
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

    /// <summary>Until every status says so: the Secret is written before.</summary>
    private async Task SyncedAsync(int count)
    {
        while ((await ListAsync("sealedsecrets")).Count(item => (string?)item!["status"]?["conditions"]?[0]?["status"] == "True") < count) await PauseAsync(0.5);
    }

    private async Task<HashSet<string>> VersionsAsync() =>
        [.. (await ListAsync("sealedsecrets")).Concat(await ListAsync("secrets")).Select(item => $"{item!["metadata"]!["uid"]} {item["metadata"]!["resourceVersion"]}")];

    private async Task<JsonArray> ListAsync(string plural)
    {
        var root = plural == "secrets" ? "/api/v1" : "/apis/bitnami.com/v1alpha1";
        return JsonNode.Parse(await api.GetStringAsync(new Uri($"{root}/namespaces/{Namespace}/{plural}", UriKind.Relative)))!["items"]!.AsArray();
    }

    private async Task<Process> StartAsync()
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--kubeconfig", cluster.KubeconfigPath, "--listen-addr", $"127.0.0.1:{http.Port}", "--listen-metrics-addr", $"127.0.0.1:{metrics.Port}" }) start.ArgumentList.Add(argument);
        start.Environment["POD_NAMESPACE"] = "kube-system";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var client = new HttpClient();
        while (!process.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{http.Port}/readyz"));
                if (answer.IsSuccessStatusCode) return process;
            }
            catch (HttpRequestException) { }
            await PauseAsync(0.02);
        }
        throw new InvalidOperationException($"the controller ended with {process.ExitCode}");
    }

    private static async Task StopAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
    }

    private static double Megabytes(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    private static Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);

    private static string Definition() => RepositoryFolder.Of("deploy", "crds", "sealedsecrets.bitnami.com.yaml");
}
