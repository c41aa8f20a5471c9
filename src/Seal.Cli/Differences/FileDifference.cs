namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>What changed in one file.</summary>
internal sealed record FileDifference(string Path, IReadOnlyList<Difference> Changes)
{
    /// <summary>The sides that could not be read.</summary>
    public IEnumerable<Difference> Unread => Changes.Where(change => change.Change == Difference.Unreadable);
}
