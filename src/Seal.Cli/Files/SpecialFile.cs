using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>Devices, pipes and sockets: they are written to; renaming over them would replace them. .NET tells them from files nowhere.</summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const uint TypeWanted = 1;
    private const int ModeOffset = 28; // statx(2): the same on every architecture
    private const int StructureSize = 256;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <param name="path">Links are followed. What is not there is nothing special.</param>
    public static bool Is(string path)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)) return true;
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var found = new byte[StructureSize];
            return statx(CurrentFolder, path, 0, TypeWanted, found) == 0
                && (BinaryPrimitives.ReadUInt16LittleEndian(found.AsSpan(ModeOffset)) & TypeMask) is not (RegularFile or Folder);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // another C library
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, [Out] byte[] found);
}
