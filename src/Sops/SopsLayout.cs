namespace GitOpsSecrets.Sops;

/// <summary>How text is laid out where a format leaves it open.</summary>
/// <param name="YamlIndent">Columns a level, 2 to 9.</param>
/// <param name="JsonIndent">Spaces a level; -1 for one tab.</param>
public sealed record SopsLayout(int YamlIndent = 4, int JsonIndent = -1)
{
    public static SopsLayout Default { get; } = new();
}
