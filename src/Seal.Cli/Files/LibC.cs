using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>Calls of the C library for what .NET does not know of files. Linux only.</summary>
internal static partial class LibC
{
    public const int CurrentFolder = -100;
    public const int CloseOnExec = 0x80000;

    private const string Library = "libc.so.6";

    /// <summary>What a call gives, or something else where there is another C library or system.</summary>
    public static T Try<T>(Func<T> call, T otherwise)
    {
        if (!OperatingSystem.IsLinux()) return otherwise;
        try
        {
            return call();
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            return otherwise;
        }
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkAt(int oldFolder, string oldPath, int newFolder, string newPath, int flags);

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int folder, string path, int flags, uint mask, [Out] byte[] found);

    [LibraryImport(Library, EntryPoint = "fchown")]
    public static partial int FChOwn(SafeHandle file, uint owner, uint group);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int FLock(SafeHandle file, int operation);
}
