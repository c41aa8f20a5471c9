using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// Standard output. What is no terminal is written by write(2): <see cref="Console"/>'s stream prepares a terminal and its signals first, with a thread of their own,
/// and a <see cref="FileStream"/> writes at a place that it remembers itself, over what other programs wrote to the same file.
/// </summary>
internal static unsafe partial class StandardOutput
{
    private const int Descriptor = 1;

    /// <exception cref="IOException">The disk is full, the network is gone, …</exception>
    public static void Write(ReadOnlySpan<byte> data)
    {
        if (OperatingSystem.IsLinux() && Console.IsOutputRedirected) data = data[Written(data)..];
        if (data.IsEmpty) return;
        // Interruptions, pipes without an end and without room: Console knows what to do.
        using var output = Console.OpenStandardOutput();
        output.Write(data);
        output.Flush();
    }

    private static int Written(ReadOnlySpan<byte> data)
    {
        var written = 0;
        try
        {
            fixed (byte* start = data)
            {
                while (written < data.Length && write(Descriptor, start + written, (nuint)(data.Length - written)) is var part and > 0) written += (int)part;
            }
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // another C library
        }
        return written;
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint write(int descriptor, byte* buffer, nuint size);
}
