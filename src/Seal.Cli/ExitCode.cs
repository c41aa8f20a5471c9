namespace GitOpsSecrets.Seal.Cli;

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work failed, or part of it; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be understood; nothing was done.</summary>
    public const int Usage = 2;
}
