namespace GitOpsSecrets.Sops.Documents.Yaml;

internal enum YamlMode
{
    /// <summary>A file that somebody wrote: aliases are expanded, core tags obeyed.</summary>
    Plain,

    /// <summary>A file that SOPS wrote: it never holds anchors, aliases or tags (but for the merge key), so they are somebody's trick.</summary>
    Sealed,
}
