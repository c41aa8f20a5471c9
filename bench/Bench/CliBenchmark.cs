using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Bench;

/// <summary>
/// One run of the published executable, from its start to its exit, sealing a three-item Secret to an RSA-4096 certificate:
/// <c>-- cli [--seal artifacts/seal/seal] [--vs path/to/kubeseal]</c>. Against the original in the same minutes where it is given, run in
/// turn; else against what was recorded of it. Needs GNU time.
/// </summary>
internal static class CliBenchmark
{
    private const int Runs = 21;
    private const double Goal = 0.5;

    private static readonly Figures Recorded = new(Wall: 0.025, Cpu: 0.018, PeakMiB: 24.1);

    public static bool Run(string[] args)
    {
        var ours = Option(args, "--seal") ?? "artifacts/seal/seal";
        var theirs = Option(args, "--vs");
        var folder = Directory.CreateTempSubdirectory("seal-bench-").FullName;
        try
        {
            var command = $"--cert {Path.Combine(folder, "cert.pem")} --format json --secret-file {Path.Combine(folder, "secret.yaml")}";
            using (var key = SealingKeyGenerator.Generate(4096, "", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(365 * 200)))
                File.WriteAllText(Path.Combine(folder, "cert.pem"), key.CertificatePem);
            File.WriteAllText(Path.Combine(folder, "secret.yaml"), Secret());
            var mine = new List<Figures>();
            var other = new List<Figures>();
            for (var i = 0; i <= Runs; i++)
            {
                mine.Add(Measure(ours, command));
                if (theirs is not null) other.Add(Measure(theirs, command));
            }
            var (a, b) = (Median(mine.Skip(1)), theirs is null ? Recorded : Median(other.Skip(1)));
            Console.WriteLine($"seal: {a}; {(theirs is null ? "the original as recorded" : theirs)}: {b}; median of {Runs} runs");
            return Verdict.AtMost("wall time, ours / original", a.Wall / b.Wall, Goal)
                & Verdict.AtMost("CPU time, ours / original", a.Cpu / b.Cpu, Goal)
                & Verdict.AtMost("peak memory, ours / original", a.PeakMiB / b.PeakMiB, Goal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>GNU time's own figures are too coarse for the clock (10 ms), so that one is ours; CPU time is counted over repeats.</summary>
    private static Figures Measure(string program, string command)
    {
        const int Repeats = 10; // the kernel counts CPU time of short processes in ticks; ten of them even that out
        var loop = $"i=0; while [ $i -lt {Repeats} ]; do '{program}' {command} >/dev/null || exit 1; i=$((i+1)); done";
        var start = new ProcessStartInfo("/usr/bin/time") { RedirectStandardError = true };
        foreach (var argument in (string[])["-f", "%U %S %M", "sh", "-c", loop]) start.ArgumentList.Add(argument);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var text = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        var wall = clock.Elapsed.TotalSeconds / Repeats;
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {text}");
        var figures = text.Split('\n')[^1].Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new Figures(wall, (figures[0] + figures[1]) / Repeats, figures[2] / 1024);
    }

    private static Figures Median(IEnumerable<Figures> runs)
    {
        var list = runs.ToList();
        return new Figures(CpuMeter.Median(list.Select(run => run.Wall)), CpuMeter.Median(list.Select(run => run.Cpu)), CpuMeter.Median(list.Select(run => run.PeakMiB)));
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    private static string Secret()
    {
        var text = new StringBuilder("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: team-a\ndata:\n");
        foreach (var item in (string[])["password", "url", "username"])
            text.Append("  ").Append(item).Append(": ").Append(Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))).Append('\n');
        return text.ToString();
    }

    private sealed record Figures(double Wall, double Cpu, double PeakMiB)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"wall {Wall * 1000:F1} ms, CPU {Cpu * 1000:F1} ms, peak {PeakMiB:F1} MiB");
    }
}
