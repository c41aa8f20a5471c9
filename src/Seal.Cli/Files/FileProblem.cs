namespace GitOpsSecrets.Seal.Cli.Files;

internal static class FileProblem
{
    /// <summary>The cause in the words of the operating system, without the path, which the caller names.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "file name too long",
        ArgumentOutOfRangeException => "the file would be larger than this file system or process may have",
        EndOfStreamException => "the file shrank while it was read",
        IOException io when (io.HResult & 0xFFFF) is 28 or 112 => "no space left on device",
        _ => failure.Message,
    };
}
