namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Something to scan, not read yet.</summary>
/// <param name="Path">As reported, with forward slashes.</param>
/// <param name="FullPath">Where it is or would be on disk.</param>
/// <param name="Read">Its content, so far as there is any to be scanned.</param>
/// <param name="ObjectId">In the history: the blob.</param>
internal sealed record ScanItem(string Path, string FullPath, Func<ScanContent> Read, string? ObjectId = null);
