namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>A parsed regular expression.</summary>
internal abstract record RegexNode
{
    /// <summary>How often the innermost of nested counted repeats is there at most; Go allows 1,000.</summary>
    public virtual long Copies => 1;

    internal sealed record Empty : RegexNode;

    internal sealed record Rune(RuneMatcher Matcher) : RegexNode;

    internal sealed record Assertion(RegexAssertion Kind) : RegexNode;

    internal sealed record Capture(int Index, RegexNode Inner) : RegexNode
    {
        public override long Copies { get; } = Inner.Copies;
    }

    /// <param name="Max">-1 for no bound.</param>
    internal sealed record Repeat(RegexNode Inner, int Min, int Max, bool IsGreedy) : RegexNode
    {
        public override long Copies { get; } = Max == 0 ? 1 : Math.Max(Max < 0 ? Min : Max, 1) * Inner.Copies;
    }

    internal sealed record Concat(List<RegexNode> Parts) : RegexNode
    {
        public override long Copies { get; } = Parts.Max(part => part.Copies);
    }

    internal sealed record Alternate(List<RegexNode> Choices) : RegexNode
    {
        public override long Copies { get; } = Choices.Max(choice => choice.Copies);
    }
}
