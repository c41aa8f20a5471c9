using System.Text.RegularExpressions;

namespace GitOpsSecrets.Sops.Rules;

/// <summary>One entry of <c>creation_rules</c>: how to encrypt the files whose paths it matches.</summary>
/// <param name="Path">Searched for in the path; null matches every file.</param>
/// <param name="Options">Keys and selection.</param>
public sealed record CreationRule(Regex? Path, SealingOptions Options);
