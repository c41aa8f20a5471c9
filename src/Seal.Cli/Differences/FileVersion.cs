namespace GitOpsSecrets.Seal.Cli.Differences;

/// <summary>One side of a comparison.</summary>
/// <param name="Source">What errors call it.</param>
/// <param name="Content">Null when there is none.</param>
/// <param name="Problem">Why it could not be read; null when it could.</param>
internal sealed record FileVersion(string Source, byte[]? Content, string? Problem = null);
