namespace GitOpsSecrets.Seal.Cli.Git;

/// <summary>A file that differs between two states.</summary>
/// <param name="Path">From the root of the work tree.</param>
/// <param name="OldId">Null when there was none.</param>
/// <param name="NewId">Null when there is none, or when it is in the work tree only.</param>
/// <param name="Deleted">Whether it is gone.</param>
internal sealed record GitChange(string Path, string? OldId, string? NewId, bool Deleted);
