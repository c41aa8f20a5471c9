namespace GitOpsSecrets.Seal.Cli.Files;

/// <summary>Devices, pipes and sockets: they are written to; renaming over them would replace them. .NET tells them from files nowhere.</summary>
internal static class SpecialFile
{
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <param name="path">Links are followed. What is not there is nothing special.</param>
    public static bool Is(string path) =>
        (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)) || path.StartsWith("/proc/", StringComparison.Ordinal)
        || (FileStatus.Of(path) is { } status && (status.Mode & TypeMask) is not (RegularFile or Folder));
}
