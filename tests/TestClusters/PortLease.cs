using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GitOpsSecrets.TestClusters;

/// <summary>
/// A loopback port for a program that must be told one. Who asks the system for a free port and closes it again may find it taken
/// when the program starts; so these lie below what systems hand out by themselves, and a locked file keeps other test programs
/// from the same one until it is disposed.
/// </summary>
public sealed class PortLease : IDisposable
{
    private const int First = 20000;
    private const int Count = 10000;
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "gitopssecrets-ports");
    private static int next = Environment.ProcessId * 37;

    private readonly FileStream hold;

    private PortLease(int port, FileStream hold)
    {
        Port = port;
        this.hold = hold;
    }

    public int Port { get; }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static PortLease Take()
    {
        Directory.CreateDirectory(Folder);
        for (var i = 0; i < Count; i++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % Count);
            if (Hold(port) is not { } hold) continue;
            if (IsFree(port)) return new PortLease(port, hold);
            hold.Dispose();
        }

        throw new InvalidOperationException($"no port between {First} and {First + Count} is free");
    }

    public void Dispose() => hold.Dispose();

    /// <summary>The lock goes with the process that holds it, so a test program that dies keeps nothing.</summary>
    private static FileStream? Hold(int port)
    {
        try
        {
            return new FileStream(Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
