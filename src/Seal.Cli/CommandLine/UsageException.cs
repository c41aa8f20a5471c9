namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>A command line that cannot be understood; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Whose help is to be read; empty for the program's own.</summary>
    public string Command { get; init; } = "";
}
