using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Terminal;

/// <summary>
/// Whether the caller gave the three streams at all, which <c>&lt;&amp;-</c> does not. The number of one that is missing goes to the next file that anybody opens:
/// one of the runtime, as its source of random bytes, which never ends, or a pipe to itself. Those are closed at exec(2), so what bears that mark was not inherited.
/// </summary>
internal static partial class StandardStreams
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    public static bool IsMissing(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            // -1, with all bits, for one that nobody has opened since.
            return (fcntl(descriptor, GetFlags) & CloseOnExec) != 0;
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // another C library
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fcntl(int descriptor, int command);
}
