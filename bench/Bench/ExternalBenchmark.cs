using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// ExternalSecrets against an API server (a real one when <c>KUBEBUILDER_ASSETS</c> is set), with the published controller as a process of its own: so many on one
/// Fake store from nothing, then more of them, a restart over all, unchanged; then as many that name a hundred keys of an HTTP endpoint, which counts what it is asked.
/// Goals: 1,000 in 15 s, 4 CPU-ms and 2 writes each, no read, 60 MiB (more of them in proportion, and 120 MiB); a restart of under a second for each 1,000 without a write or a call; one call for each remote key.
/// The original needs 74 to 104 s, 11 CPU-ms, 4 writes and 3 reads each, 79 MiB, and 19 s for a restart over 1,000.
/// Arguments: objects (1000), objects for the restart (10000), path of the published controller.
/// </summary>
internal sealed class ExternalBenchmark(BenchCluster cluster, string program, int first, int all)
{
    private const string Sources = "/apis/external-secrets.io/v1 externalsecrets";
    private const string Secrets = "/api/v1 secrets";
    private const int RemoteKeys = 100;

    private const string TwoProperties = """
        "data":[{"secretKey":"user","remoteRef":{"key":"prod/db","property":"user"}},{"secretKey":"password","remoteRef":{"key":"prod/db","property":"password"}}]
        """;

    private int created;

    public static bool Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<bool> RunAsync(string[] args)
    {
        var first = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        var all = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
        var program = args.Length > 2 ? Path.GetFullPath(args[2]) : Path.Combine(AppContext.BaseDirectory, "GitOpsSecrets.Controller");
        bool met;
        await using (var cluster = await NewClusterAsync()) met = await new ExternalBenchmark(cluster, program, first, all).FakeAsync();
        await using (var cluster = await NewClusterAsync()) met &= await new ExternalBenchmark(cluster, program, first, all).SharedKeysAsync();
        return met;
    }

    private static async Task<BenchCluster> NewClusterAsync()
    {
        var cluster = await BenchCluster.StartAsync(
            "sealedsecrets.bitnami.com", "externalsecrets.external-secrets.io", "secretstores.external-secrets.io", "clustersecretstores.external-secrets.io", "clusterexternalsecrets.external-secrets.io");
        using var key = SealingKeyGenerator.Generate(SealingKeyGenerator.DefaultKeyBits, "", TimeProvider.System.GetUtcNow(), SealingKeyGenerator.DefaultTtl);
        await cluster.KeepAsync(key);
        return cluster;
    }

    private async Task<bool> FakeAsync()
    {
        Console.WriteLine($"API server: {cluster.Kind}; controller: {program}");
        await StoreAsync("""{"fake":{"data":[{"key":"prod/db","value":"{\"user\":\"app\",\"password\":\"0123456789abcdef0123456789abcdef\"}"}]}}""");
        await CreateAsync(first, _ => TwoProperties);
        var met = await FromNothingAsync();
        return await RestartAsync(() => 0) && met;
    }

    private async Task<bool> FromNothingAsync()
    {
        var before = await cluster.RequestsAsync();
        var clock = Stopwatch.GetTimestamp();
        using var working = await MeasuredController.StartAsync(program, cluster.KubeconfigPath);
        await SyncedAsync(first);
        var (wall, cpu) = (Stopwatch.GetElapsedTime(clock).TotalSeconds, working.Cpu);
        await BenchCluster.PauseAsync(3); // the server counts a request a moment after it answered
        var writes = await TellRequestsAsync(before, first);
        var met = Verdict.AtMost($"seconds until {first} are ready", wall, 15.0 * first / 1000);
        met &= Verdict.AtMost("CPU-ms an object, start included", cpu.TotalMilliseconds / first, 4);
        met &= Verdict.AtMost("writes of Secrets and ExternalSecrets an object", writes, 2.05);
        met &= Verdict.AtMost($"MiB with {first} objects", working.Megabytes, first <= 1000 ? 60 : 120);
        var (middle, since) = (working.Cpu, Stopwatch.GetTimestamp());
        if (all > first)
        {
            await CreateAsync(all - first, _ => TwoProperties);
            await SyncedAsync(all);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{all - first} more while it runs: {(working.Cpu - middle).TotalMilliseconds / (all - first):F1} CPU-ms each, {Stopwatch.GetElapsedTime(since).TotalSeconds:F0} s with their creation; {working.Megabytes:F0} MiB with {all}"));
        }
        await working.StopAsync();
        return met;
    }

    /// <param name="calls">How often the store was called so far.</param>
    private async Task<bool> RestartAsync(Func<long> calls)
    {
        var (before, called) = (await cluster.VersionsAsync(Sources, Secrets), calls());
        var (requests, clock) = (await cluster.RequestsAsync(), Stopwatch.GetTimestamp());
        using var again = await MeasuredController.StartAsync(program, cluster.KubeconfigPath);
        while (await again.MetricAsync("externalsecret_sync_calls_total") < all) await BenchCluster.PauseAsync(0.2);
        var (wall, cpu) = (Stopwatch.GetElapsedTime(clock).TotalSeconds, again.Cpu);
        await BenchCluster.PauseAsync(10);
        await TellRequestsAsync(requests, all);
        var met = Verdict.AtMost($"restart over {all}: seconds until all were looked at", wall, all / 1000.0);
        met &= Verdict.AtMost("restart: CPU-ms an object, start included", cpu.TotalMilliseconds / all, 1);
        met &= Verdict.AtMost("restart: objects written", before.Except(await cluster.VersionsAsync(Sources, Secrets)).Count(), 0);
        met &= Verdict.AtMost("restart: calls to the store", calls() - called, 0);
        met &= Verdict.AtMost($"MiB with {all} objects", again.Megabytes, 100);
        await again.StopAsync();
        return met;
    }

    /// <summary>One call for a key, however many name it.</summary>
    private async Task<bool> SharedKeysAsync()
    {
        await using var endpoint = CountingEndpoint.Start();
        await StoreAsync(new JsonObject { ["webhook"] = new JsonObject { ["url"] = $"{endpoint.Address}{{{{ .remoteRef.key }}}}" } }.ToJsonString());
        await CreateAsync(all, index => $$$"""  "dataFrom":[{"extract":{"key":"key-{{{index % RemoteKeys}}}"}}]  """);
        using (var working = await MeasuredController.StartAsync(program, cluster.KubeconfigPath))
        {
            await SyncedAsync(all);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all} objects over {RemoteKeys} keys of an HTTP endpoint: {working.Cpu.TotalMilliseconds / all:F1} CPU-ms each, {working.Megabytes:F0} MiB"));
            await working.StopAsync();
        }
        var met = Verdict.AtMost("calls a remote key", endpoint.Calls / (double)RemoteKeys, 1);
        return await RestartAsync(() => endpoint.Calls) && met;
    }

    private Task StoreAsync(string provider) => cluster.PostAsync($"/apis/external-secrets.io/v1/namespaces/{BenchCluster.Namespace}/secretstores", $$$"""
        {"apiVersion":"external-secrets.io/v1","kind":"SecretStore","metadata":{"name":"store","namespace":"{{{BenchCluster.Namespace}}}"},"spec":{"provider":{{{provider}}}}}
        """);

    private async Task CreateAsync(int count, Func<int, string> entriesOf)
    {
        Console.Error.WriteLine($"creating {count} objects…");
        var from = created;
        created += count;
        await Parallel.ForAsync(from, created, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await cluster.PostAsync($"/apis/external-secrets.io/v1/namespaces/{BenchCluster.Namespace}/externalsecrets", $$$$"""
                {"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","metadata":{"name":"db-{{{{i}}}}","namespace":"{{{{BenchCluster.Namespace}}}}"},
                "spec":{"refreshInterval":"1h","secretStoreRef":{"name":"store"},
                {{{{entriesOf(i)}}}}}}
                """));
    }

    /// <summary>Until every status says so: the Secret is written before.</summary>
    private async Task SyncedAsync(int count)
    {
        while ((await cluster.ListAsync(Sources)).Count(item => (string?)item!["status"]?["conditions"]?[0]?["status"] == "True") < count) await BenchCluster.PauseAsync(0.5);
    }

    /// <returns>Writes of Secrets and ExternalSecrets an object.</returns>
    private async Task<double> TellRequestsAsync(SortedDictionary<string, long> before, int objects)
    {
        var since = (await cluster.RequestsAsync()).Select(entry => (What: entry.Key, Count: entry.Value - before.GetValueOrDefault(entry.Key))).Where(entry => entry.Count > 0).ToList();
        var ofObjects = since.Where(entry => entry.What.Contains("secrets", StringComparison.Ordinal) || entry.What.Contains("events", StringComparison.Ordinal));
        Console.WriteLine("requests: " + string.Join(", ", ofObjects.Select(entry => $"{entry.What} {entry.Count}")));
        return since.Where(entry => entry.What.Contains("secrets", StringComparison.Ordinal) && !entry.What.StartsWith("GET", StringComparison.OrdinalIgnoreCase)).Sum(entry => entry.Count) / (double)objects;
    }
}
