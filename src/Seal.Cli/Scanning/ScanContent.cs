namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>What reading an item brought.</summary>
/// <param name="Bytes">Its content, or its beginning where it is too large; null when there is none: a link, no file, gone.</param>
/// <param name="IsTooLarge">Whether there is more of it than is read.</param>
internal readonly record struct ScanContent(byte[]? Bytes, bool IsTooLarge = false);
