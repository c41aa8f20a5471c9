using Microsoft.Win32.SafeHandles;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>
/// Programs that change files of one folder do so one after the other: between the look at a file and its exchange nobody else's change is lost. A lock of the
/// folder, because a file's own goes with the file that is replaced. Linux only; elsewhere, and where a file system has no locks, it holds nobody up.
/// </summary>
internal sealed class FolderTurn : IDisposable
{
    private const int Exclusive = 2;

    private readonly SafeFileHandle? folder;

    private FolderTurn(SafeFileHandle? folder) => this.folder = folder;

    /// <summary>Waits for whoever has it: the exchange of one file.</summary>
    public static FolderTurn Take(string folder)
    {
        var descriptor = LibC.Try(() => LibC.Open(folder, LibC.CloseOnExec, 0), -1);
        if (descriptor < 0) return new FolderTurn(null);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = LibC.FLock(handle, Exclusive);
        return new FolderTurn(handle);
    }

    public void Dispose() => folder?.Dispose();
}
