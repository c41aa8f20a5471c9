namespace GitOpsSecrets.GoTemplate.RegularExpressions;

internal enum RegexOperation
{
    Rune,
    Assert,
    Save,
    Split,
    Jump,
    Match,
}
