using System.Globalization;
using Registry = Prometheus.CollectorRegistry;

namespace GitOpsSecrets.Controller;

/// <summary>
/// What the process uses, under the names that dashboards know from every program with Prometheus' client for Go; .NET's has only some of them
/// (<c>process_cpu_seconds_total</c>, <c>process_start_time_seconds</c>, <c>process_virtual_memory_bytes</c>).
/// </summary>
internal static class ProcessMetrics
{
    private const string Limits = "/proc/self/limits";
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Where there is no such file, on other systems than Linux, they are left out, as there.</summary>
    public static void Register(Registry registry)
    {
        if (!File.Exists(Limits)) return;
        var make = Prometheus.Metrics.WithCustomRegistry(registry);
        var memory = make.CreateGauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        var open = make.CreateGauge("process_open_fds", "Number of open file descriptors.");
        var limits = File.ReadAllLines(Limits);
        make.CreateGauge("process_max_fds", "Maximum number of open file descriptors.").Set(SoftLimit(limits, "Max open files"));
        make.CreateGauge("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available in bytes.").Set(SoftLimit(limits, "Max address space"));
        registry.AddBeforeCollectCallback(() =>
        {
            memory.Set(Environment.WorkingSet);
            open.Set(Directory.EnumerateFileSystemEntries(Descriptors).Count());
        });
    }

    /// <param name="limits">Lines of name, soft limit, hard limit and unit, in columns.</param>
    private static double SoftLimit(IEnumerable<string> limits, string name)
    {
        var line = limits.First(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft == "unlimited" ? ulong.MaxValue : double.Parse(soft, CultureInfo.InvariantCulture);
    }
}
