namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>A parsed regular expression.</summary>
internal abstract record RegexNode
{
    internal sealed record Empty : RegexNode;

    internal sealed record Rune(RuneMatcher Matcher) : RegexNode;

    internal sealed record Assertion(RegexAssertion Kind) : RegexNode;

    internal sealed record Capture(int Index, RegexNode Inner) : RegexNode;

    /// <param name="Max">-1 for no bound.</param>
    internal sealed record Repeat(RegexNode Inner, int Min, int Max, bool IsGreedy) : RegexNode;

    internal sealed record Concat(List<RegexNode> Parts) : RegexNode;

    internal sealed record Alternate(List<RegexNode> Choices) : RegexNode;
}
