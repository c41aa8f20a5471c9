namespace GitOpsSecrets.Api.Yaml;

/// <summary>Bounds on what is read. Aliases are expanded into the tree, so <see cref="MaxNodes"/> is what stops an alias bomb.</summary>
/// <param name="MaxCharacters">Length of the text.</param>
/// <param name="MaxDepth">Nesting of maps and lists.</param>
/// <param name="MaxNodes">Nodes of all documents together, after aliases are expanded.</param>
public sealed record YamlLimits(int MaxCharacters = 64 * 1024 * 1024, int MaxDepth = 64, int MaxNodes = 4_000_000)
{
    public static YamlLimits Default { get; } = new();
}
