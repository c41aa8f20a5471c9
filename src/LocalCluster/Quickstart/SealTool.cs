namespace GitOpsSecrets.LocalCluster.Quickstart;

/// <summary>The <c>seal</c> command as it was built beside this program, run as a process of its own.</summary>
internal sealed class SealTool(string kubeconfigPath, string directory)
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "seal.dll");

    /// <summary>How a user types it.</summary>
    public static string Command => "dotnet " + (Path.GetRelativePath(Environment.CurrentDirectory, Library) is { Length: > 0 } near && !near.StartsWith("../..", StringComparison.Ordinal) ? near : Library);

    /// <exception cref="QuickstartException">It failed; the message has what it said.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfigPath };
        var outcome = await Commands.RunAsync("dotnet", [Library, .. arguments], directory, input, environment, cancellationToken);
        return outcome.OutputOrThrow("seal " + string.Join(' ', arguments));
    }
}
