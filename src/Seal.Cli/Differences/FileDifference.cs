namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>What changed in one file.</summary>
internal sealed record FileDifference(string Path, IReadOnlyList<Difference> Changes);
