using System.Diagnostics;
using System.Globalization;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Bench;

/// <summary>The published controller as a process of its own: CPU as the kernel counts it, its start included; memory as what is resident, files it maps included.</summary>
internal sealed class MeasuredController : IDisposable
{
    private readonly Process process;
    private readonly PortLease http;
    private readonly PortLease metrics;

    private MeasuredController(Process process, PortLease http, PortLease metrics) => (this.process, this.http, this.metrics) = (process, http, metrics);

    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public double Megabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Started, and ready.</summary>
    public static async Task<MeasuredController> StartAsync(string program, string kubeconfig, params string[] more)
    {
        var (http, metrics) = (PortLease.Take(), PortLease.Take());
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] flags = ["--kubeconfig", kubeconfig, "--listen-addr", $"127.0.0.1:{http.Port}", "--listen-metrics-addr", $"127.0.0.1:{metrics.Port}", .. more];
        foreach (var flag in flags) start.ArgumentList.Add(flag);
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
                if (answer.IsSuccessStatusCode) return new MeasuredController(process, http, metrics);
            }
            catch (HttpRequestException) { }
            await BenchCluster.PauseAsync(0.02);
        }
        throw new InvalidOperationException($"the controller ended with {process.ExitCode}");
    }

    /// <summary>The sum of all series of a metric.</summary>
    public async Task<double> MetricAsync(string name)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{metrics.Port}/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        process.Dispose();
        http.Dispose();
        metrics.Dispose();
    }
}
