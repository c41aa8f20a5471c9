using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>
/// A file that has no name until it is whole (Linux, where the file system knows O_TMPFILE). A program that is killed while it writes one leaves nothing behind,
/// because the kernel frees what no name and no process holds.
/// </summary>
internal static class NamelessFile
{
    private const int WriteOnly = 1;
    private const int TemporaryFile = 0x400000;
    private const int FollowLink = 0x400;
    private const int OwnerOnly = 0x180; // 0600

    /// <summary>O_TMPFILE contains O_DIRECTORY, whose bit differs; so that a kernel that does not know the one refuses the other.</summary>
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x10000,
        Architecture.Arm64 => 0x4000,
        _ => 0,
    };

    /// <summary>A new file in a folder; <c>null</c> where that cannot be had, so that it must have a name from the start.</summary>
    public static FileStream? Create(string folder)
    {
        if (Directory == 0) return null;
        var descriptor = LibC.Try(() => LibC.Open(folder, WriteOnly | LibC.CloseOnExec | TemporaryFile | Directory, OwnerOnly), -1);
        return descriptor < 0 ? null : new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    /// <summary>Gives it a name that is free.</summary>
    /// <returns>False when it cannot have that one.</returns>
    public static bool TryName(FileStream file, string path) =>
        LibC.LinkAt(LibC.CurrentFolder, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", LibC.CurrentFolder, path, FollowLink) == 0;
}
