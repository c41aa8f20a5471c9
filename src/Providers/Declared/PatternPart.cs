namespace GitOpsSecrets.Providers.Declared;

/// <summary>A run of text, or a variable.</summary>
/// <param name="Literal">The text; null for a variable.</param>
/// <param name="Name">The variable; null for text.</param>
internal sealed record PatternPart(string? Literal, string? Name, PatternFilter Filter);
