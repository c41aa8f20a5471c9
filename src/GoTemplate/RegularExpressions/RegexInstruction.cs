namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>One step. <see cref="First"/> is a target, or the slot to save into; of a split, the way that is preferred.</summary>
internal readonly record struct RegexInstruction(RegexOperation Operation)
{
    public int First { get; init; }

    public int Second { get; init; }

    public RegexAssertion Assertion { get; init; }

    public RuneMatcher? Matcher { get; init; }
}
