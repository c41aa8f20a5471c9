namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>Something to scan, not read yet.</summary>
/// <param name="Path">As reported, with forward slashes.</param>
/// <param name="FullPath">Where it is or would be on disk.</param>
/// <param name="Read">Its content; null when it is passed over: too large, no file, gone.</param>
/// <param name="ObjectId">In the history: the blob.</param>
internal sealed record ScanItem(string Path, string FullPath, Func<byte[]?> Read, string? ObjectId = null);
