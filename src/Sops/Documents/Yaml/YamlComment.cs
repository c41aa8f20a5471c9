namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <param name="Offset">Of the comment sign.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Text">What follows the sign.</param>
internal sealed record YamlComment(int Offset, int Line, int Column, string Text);
