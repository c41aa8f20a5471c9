using System.Diagnostics;

namespace GitOpsSecrets.Bench;

/// <summary>Rates by CPU time of this process, so that neighbours on the machine do not change the figure.</summary>
internal static class CpuMeter
{
    /// <summary>Operations per CPU-second, over at least so much CPU time, after a warm-up of a tenth of it.</summary>
    public static double Rate(TimeSpan atLeast, Action operation)
    {
        Measure(atLeast / 10, operation);
        return Measure(atLeast, operation);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double Measure(TimeSpan atLeast, Action operation)
    {
        using var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        var count = 0;
        TimeSpan used;
        do
        {
            // Asking for the CPU time costs a system call: not after every short operation.
            for (var i = 0; i < 16; i++) operation();
            count += 16;
            process.Refresh();
            used = process.TotalProcessorTime - start;
        }
        while (used < atLeast);
        return count / used.TotalSeconds;
    }
}
