namespace GitOpsSecrets.Sealing;

/// <summary>Why one item does not open.</summary>
/// <param name="Kind">What programs decide on.</param>
/// <param name="Text">The original's words, which scripts match on; several kinds share them.</param>
/// <param name="Explanation">Our words, one cause each; holds names, sizes and scopes, never content.</param>
public sealed record ItemFailure(UnsealFailureKind Kind, string Text, string Explanation)
{
    /// <summary>What the original says of everything that is base64 and does not open.</summary>
    internal const string NoKeyText = "no key could decrypt secret";

    internal static ItemFailure Malformed(string explanation) => new(UnsealFailureKind.Malformed, NoKeyText, explanation);

    internal static ItemFailure UnsupportedKey(string explanation) => new(UnsealFailureKind.UnsupportedKey, NoKeyText, explanation);
}
