using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// The controller as a process of its own against an API server (a real one when <c>KUBEBUILDER_ASSETS</c> is set): so many one-item SealedSecrets
/// synced from nothing, then more of them, then a restart over all, unchanged. CPU is the controller's alone, as the kernel counts it, its start included;
/// memory is what is resident of the process, files it maps included. The cores in use are told for the controller and for all that works for it.
/// The goals: 9 CPU-ms an object (the original takes 16), ready in 10 s, 60 MiB empty and 100 MiB with 10,000 objects.
/// Arguments: objects to sync (1000), objects for the restart (10000), path of the published controller.
/// </summary>
internal sealed class ControllerBenchmark(BenchCluster cluster, string program, SealingCertificate certificate)
{
    private const string Sources = "/apis/bitnami.com/v1alpha1 sealedsecrets";
    private const string Secrets = "/api/v1 secrets";

    private int created;

    public static bool Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<bool> RunAsync(string[] args)
    {
        var first = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        var all = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
        var program = args.Length > 2 ? Path.GetFullPath(args[2]) : Path.Combine(AppContext.BaseDirectory, "GitOpsSecrets.Controller");
        await using var cluster = await BenchCluster.StartAsync("sealedsecrets.bitnami.com");
        using var key = SealingKeyGenerator.Generate(SealingKeyGenerator.DefaultKeyBits, "", TimeProvider.System.GetUtcNow(), SealingKeyGenerator.DefaultTtl);
        if (!SealingCertificate.TryLoad(key.CertificatePem, out var certificate, out _)) throw new InvalidOperationException("a generated certificate does not load");
        await cluster.KeepAsync(key);
        Console.WriteLine($"API server: {cluster.Kind}; controller: {program}");
        return await new ControllerBenchmark(cluster, program, certificate).MeasureAsync(first, all);
    }

    private async Task<bool> MeasureAsync(int first, int all)
    {
        double empty;
        using (var idle = await MeasuredController.StartAsync(program, cluster.KubeconfigPath))
        {
            await BenchCluster.PauseAsync(10);
            empty = idle.Megabytes;
            await idle.StopAsync();
        }
        await CreateAsync(first);
        var met = await FromNothingAsync(first, all);
        var before = await cluster.VersionsAsync(Sources, Secrets);
        var clock = Stopwatch.GetTimestamp();
        using var again = await MeasuredController.StartAsync(program, cluster.KubeconfigPath);
        var ready = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        await BenchCluster.PauseAsync(15);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"restart over {all} unchanged objects: {again.Cpu.TotalSeconds:F1} CPU-s in all"));
        met &= Verdict.AtMost("restart: seconds until ready", ready, 10);
        met &= Verdict.AtMost("restart: objects written", before.Except(await cluster.VersionsAsync(Sources, Secrets)).Count(), 0);
        met &= Verdict.AtMost("MiB empty", empty, 60);
        met &= Verdict.AtMost($"MiB with {all} objects", again.Megabytes, 100);
        await again.StopAsync();
        return met;
    }

    private async Task<bool> FromNothingAsync(int first, int all)
    {
        var (clock, before) = (Stopwatch.GetTimestamp(), ProcessTimes.OfChildren());
        using var working = await MeasuredController.StartAsync(program, cluster.KubeconfigPath);
        await SyncedAsync(first);
        var (wall, cpu, together) = (Stopwatch.GetElapsedTime(clock).TotalSeconds, working.Cpu, ProcessTimes.OfChildren() - before);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{first} objects from nothing: {wall:F1} s wall, {cpu.TotalSeconds:F1} CPU-s, {cpu.TotalSeconds / wall:F2} cores; with the API server and etcd {together.TotalSeconds / wall:F2} of {Environment.ProcessorCount} cores"));
        var met = Verdict.AtMost("CPU-ms an object, start included", cpu.TotalMilliseconds / first, 9);
        await CreateAsync(all - first);
        await SyncedAsync(all);
        await working.StopAsync();
        return met;
    }

    private async Task CreateAsync(int count)
    {
        Console.Error.WriteLine($"creating {count} objects…");
        var from = created;
        created += count;
        await Parallel.ForAsync(from, created, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var secret = new Secret { Metadata = new ObjectMeta { Name = $"db-{i}", Namespace = BenchCluster.Namespace }, Data = new(StringComparer.Ordinal) { ["password"] = Encoding.ASCII.GetBytes($"password-{i}") } };
            await cluster.PostAsync($"/apis/bitnami.com/v1alpha1/namespaces/{BenchCluster.Namespace}/sealedsecrets", JsonSerializer.Serialize(Sealer.Seal(secret, certificate, hint: false).SealedSecret!, ApiJson.Compact.SealedSecret));
        });
    }

    /// <summary>Until every status says so: the Secret is written before.</summary>
    private async Task SyncedAsync(int count)
    {
        while ((await cluster.ListAsync(Sources)).Count(item => (string?)item!["status"]?["conditions"]?[0]?["status"] == "True") < count) await BenchCluster.PauseAsync(0.5);
    }
}
