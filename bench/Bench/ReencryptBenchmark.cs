using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// <c>seal reencrypt</c> of a folder, offline, from an old RSA-4096 key to a new certificate:
/// <c>-- reencrypt [--seal artifacts/seal/seal] [--files 5000]</c>, each file a SealedSecret of three items. The goal is 90 s for 5,000 files on two cores. On a
/// machine with other work the wall time says little; what can be trusted is the CPU time, told as a share of what two cores have in those 90 s. Needs GNU time.
/// </summary>
internal static class ReencryptBenchmark
{
    private const int GoalFiles = 5000;
    private const double GoalSeconds = 90;
    private const int GoalCores = 2;

    public static bool Run(string[] args)
    {
        var program = Path.GetFullPath(Option(args, "--seal") ?? "artifacts/seal/seal");
        var files = int.Parse(Option(args, "--files") ?? $"{GoalFiles}", CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("reencrypt-bench-").FullName;
        try
        {
            Prepare(folder, files);
            var figures = Measure(program, folder);
            Verify(folder, files, figures.Output);
            var goal = GoalSeconds * files / GoalFiles;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{files} files of three items: {figures.Wall:F1} s wall, {figures.Cpu:F1} CPU-s ({figures.Cpu / figures.Wall:F2} cores in use), {figures.Cpu * 1000 / files / 3:F2} CPU-ms an item, peak {figures.PeakMiB:F0} MiB"));
            return Verdict.AtMost(string.Create(CultureInfo.InvariantCulture, $"CPU time / what {GoalCores} cores have in {goal:F0} s"), figures.Cpu / (goal * GoalCores), 1)
                & Verdict.AtMost(string.Create(CultureInfo.InvariantCulture, $"wall time / {goal:F0} s"), figures.Wall / goal, 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An old key, a new certificate, and files in folders of a hundred, as a repository has them.</summary>
    private static void Prepare(string folder, int files)
    {
        using var before = SealingKeyGenerator.Generate(4096, "", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(365 * 200));
        using var after = SealingKeyGenerator.Generate(4096, "", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(365 * 200));
        File.WriteAllBytes(Path.Combine(folder, "old.key"), before.PrivateKeyPem);
        File.WriteAllText(Path.Combine(folder, "new.pem"), after.CertificatePem);
        if (!SealingCertificate.TryLoad(before.CertificatePem, out var certificate, out _)) throw new InvalidOperationException("a generated certificate does not load");
        Console.Error.WriteLine($"sealing {files} files…");
        Parallel.For(0, files, i =>
        {
            var data = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
            foreach (var item in (string[])["password", "url", "username"]) data[item] = Encoding.ASCII.GetBytes($"{item}-{i}");
            var secret = new Secret { Metadata = new ObjectMeta { Name = $"db-{i}", Namespace = "team-a" }, Data = data };
            var group = Directory.CreateDirectory(Path.Combine(folder, "repository", $"{i / 100}")).FullName;
            File.WriteAllText(Path.Combine(group, $"db-{i}.json"), JsonSerializer.Serialize(Sealer.Seal(secret, certificate, hint: false).SealedSecret!, ApiJson.Compact.SealedSecret));
        });
    }

    private static Figures Measure(string program, string folder)
    {
        var start = new ProcessStartInfo("/usr/bin/time") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-f", "%U %S %M", program, "reencrypt", "--recovery-private-key", Path.Combine(folder, "old.key"), "--cert", Path.Combine(folder, "new.pem"), Path.Combine(folder, "repository")])
            start.ArgumentList.Add(argument);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        var wall = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {error}");
        var numbers = error.Split('\n')[^1].Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new Figures(wall, numbers[0] + numbers[1], numbers[2] / 1024, output.GetAwaiter().GetResult() + error);
    }

    private static void Verify(string folder, int files, string output)
    {
        if (!output.Contains(string.Create(CultureInfo.InvariantCulture, $"{files} changed, 0 current, 0 failed"), StringComparison.Ordinal))
            throw new InvalidOperationException($"not all was re-encrypted: {output.Split('\n')[^1]}");
        if (Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length != files + 2) throw new InvalidOperationException("files were left behind");
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    private sealed record Figures(double Wall, double Cpu, double PeakMiB, string Output);
}
