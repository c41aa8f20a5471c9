namespace GitOpsSecrets.Seal.Cli.Editing;

/// <param name="Key">The key's text.</param>
/// <param name="KeyStart">Offset of its first character.</param>
/// <param name="Value">What follows.</param>
internal sealed record SourceEntry(string Key, int KeyStart, SourceNode Value);
