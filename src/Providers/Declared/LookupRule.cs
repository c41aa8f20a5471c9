namespace GitOpsSecrets.Providers.Declared;

/// <summary>One way to look for what a push would overwrite. The first that fits the key is taken.</summary>
/// <param name="Key">What the key must look like, and which variables its parts become; null takes any.</param>
/// <param name="Gives">Variables made of those parts; one whose parts are not there is left out.</param>
/// <param name="Before">Steps that come once, before those for each element of a list.</param>
/// <param name="GoesOn">Whether the next one that fits is tried where this one finds nothing.</param>
/// <param name="IsOnly">Whether a second element that is found is a failure: which of them is meant is not for us to guess.</param>
internal sealed record LookupRule(
    ConditionRule Condition,
    KeyPattern? Key,
    IReadOnlyList<NamedPattern> Gives,
    IReadOnlyList<StepRule> Before,
    EachRule? Each,
    bool GoesOn,
    bool IsOnly,
    IReadOnlyList<StepRule> Steps)
{
    public IEnumerable<string> Names => [.. Condition.Names, .. Gives.SelectMany(give => give.Text.Names), .. Before.Concat(Steps).SelectMany(step => step.Names)];
}
