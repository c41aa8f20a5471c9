namespace GitOpsSecrets.Providers.Rules;

/// <summary>What can be told of an object by looking at it alone.</summary>
/// <param name="Refusals">Why it must not be as it is; empty when it may.</param>
/// <param name="Warnings">What its author should know.</param>
public sealed record RuleFinding(IReadOnlyList<RuleRefusal> Refusals, IReadOnlyList<string> Warnings)
{
    public bool IsAllowed => Refusals.Count == 0;

    /// <summary>All reasons, one a line, as the original joins them.</summary>
    public string Message => string.Join('\n', Refusals.Select(refusal => refusal.Message));

    /// <summary>The same for a condition, which is one line.</summary>
    public string Sentence => string.Join("; ", Refusals.Select(refusal => refusal.Message));
}
