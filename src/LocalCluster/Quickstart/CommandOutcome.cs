namespace GitOpsSecrets.LocalCluster.Quickstart;

internal sealed record CommandOutcome(int ExitCode, string Output, string Error)
{
    /// <exception cref="QuickstartException">It did not end well.</exception>
    public string OutputOrThrow(string what) =>
        ExitCode == 0 ? Output : throw new QuickstartException($"{what} ended with {ExitCode}: {Error.Trim()}");
}
