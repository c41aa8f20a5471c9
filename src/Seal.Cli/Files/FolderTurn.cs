using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>
/// Programs that change files of one folder do so one after the other: between the look at a file and its exchange nobody else's change is lost. A lock of the
/// folder, because a file's own goes with the file that is replaced. Linux only; elsewhere, and where a file system has no locks, it holds nobody up.
/// </summary>
internal sealed partial class FolderTurn : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Exclusive = 2;

    private readonly SafeFileHandle? folder;

    private FolderTurn(SafeFileHandle? folder) => this.folder = folder;

    /// <summary>Waits for whoever has it: the exchange of one file.</summary>
    public static FolderTurn Take(string folder)
    {
        if (!OperatingSystem.IsLinux()) return new FolderTurn(null);
        try
        {
            var descriptor = open(folder, CloseOnExec, 0);
            if (descriptor < 0) return new FolderTurn(null);
            var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            _ = flock(handle, Exclusive);
            return new FolderTurn(handle);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            return new FolderTurn(null); // another C library
        }
    }

    public void Dispose() => folder?.Dispose();

    [LibraryImport("libc.so.6", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc.so.6", EntryPoint = "flock")]
    private static partial int flock(SafeHandle file, int operation);
}
