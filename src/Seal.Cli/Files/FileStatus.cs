using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>What statx(2) says of a file and .NET does not; Linux only.</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Owner">Number of the user.</param>
/// <param name="Group">Number of the group.</param>
internal readonly record struct FileStatus(ushort Mode, uint Owner, uint Group)
{
    private const uint TypeOwnerGroup = 0x1 | 0x8 | 0x10;
    private const int OwnerOffset = 20; // the same on every architecture
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int StructureSize = 256;

    /// <param name="path">Links are followed.</param>
    /// <returns>Null when it is not there, or cannot be asked.</returns>
    public static FileStatus? Of(string path)
    {
        var found = new byte[StructureSize];
        if (LibC.Try(() => LibC.StatX(LibC.CurrentFolder, path, 0, TypeOwnerGroup, found), -1) != 0) return null;
        return new FileStatus(
            BinaryPrimitives.ReadUInt16LittleEndian(found.AsSpan(ModeOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(OwnerOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(GroupOffset)));
    }

    /// <summary>Gives a file the same owner and group.</summary>
    /// <returns>False when this user may not.</returns>
    public bool TryGive(SafeHandle file) => LibC.FChOwn(file, Owner, Group) == 0;
}
