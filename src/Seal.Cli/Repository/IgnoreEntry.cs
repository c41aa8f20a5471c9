namespace GitOpsSecrets.Seal.Cli.Repository;

/// <summary>One entry of <c>scan.ignore</c>.</summary>
/// <param name="Paths">Any of them.</param>
/// <param name="Rules">What is not reported there; empty for anything.</param>
internal sealed record IgnoreEntry(IReadOnlyList<PathPattern> Paths, IReadOnlyList<string> Rules)
{
    public bool Covers(string relativePath, string rule) => (Rules.Count == 0 || Rules.Contains(rule)) && Paths.Any(path => path.Match(relativePath) is not null);
}
