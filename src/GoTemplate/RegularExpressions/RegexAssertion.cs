namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>What holds between two runes.</summary>
internal enum RegexAssertion
{
    BeginText,
    EndText,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
}
