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
        if (SoftLimit(limits, "Max open files") is { } files) make.CreateGauge("process_max_fds", "Maximum number of open file descriptors.").Set(files);
        if (SoftLimit(limits, "Max address space") is { } space) make.CreateGauge("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available in bytes.").Set(space);
        registry.AddBeforeCollectCallback(() =>
        {
            memory.Set(Environment.WorkingSet);
            open.Set(Directory.EnumerateFileSystemEntries(Descriptors).Count());
        });
    }

    /// <param name="limits">Lines of name, soft limit, hard limit and unit, in columns.</param>
    /// <returns>Null where there is no such line, as in some sandboxes.</returns>
    private static double? SoftLimit(IEnumerable<string> limits, string name)
    {
        var columns = limits.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns is not [var soft, ..]) return null;
        return soft == "unlimited" ? ulong.MaxValue : double.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
