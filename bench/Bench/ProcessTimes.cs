using System.Diagnostics;
using System.Globalization;

namespace GitOpsSecrets.Bench;

/// <summary>CPU time as Linux counts it, of whatever this program has started.</summary>
internal static class ProcessTimes
{
    private const int TicksPerSecond = 100;

    /// <summary>Of the processes that this one started and that still run: the controller, and a real API server with its etcd. Zero where there is no /proc.</summary>
    public static TimeSpan OfChildren() => TimeSpan.FromSeconds(Process.GetProcesses().Sum(process => SecondsOfChild(process.Id)));

    private static double SecondsOfChild(int id)
    {
        try
        {
            // pid (name) state ppid …, and from the 14th field on utime and stime; the name may hold anything.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture) == Environment.ProcessId
                ? (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
