namespace GitOpsSecrets.Providers.Declared;

/// <summary>One way to get at a secret. They are tried in their order, until one finds it.</summary>
/// <param name="Key">What the key must look like, and which variables its parts become; null takes any.</param>
/// <param name="Property">What the property must look like; null takes any, or none.</param>
/// <param name="Before">Steps that come once, before those for each element of a list.</param>
/// <param name="Collect">The variable with the name under which the answer for each element is one of the secret's values; null where the first that is found is the secret.</param>
/// <param name="After">Steps that give back what the others took; they are tried, and no more.</param>
/// <param name="Results">What of the last answer is the secret: the first that counts.</param>
internal sealed record AttemptRule(
    ConditionRule Condition,
    KeyPattern? Key,
    KeyPattern? Property,
    IReadOnlyList<StepRule> Before,
    EachRule? Each,
    string? Collect,
    IReadOnlyList<StepRule> Steps,
    IReadOnlyList<StepRule> After,
    IReadOnlyList<ResultRule> Results)
{
    /// <summary>Variables made of others; one whose parts are not there is left out.</summary>
    public IReadOnlyList<NamedPattern> Gives { get; init; } = [];

    /// <summary>Whether a second element that is found is a failure: which of them is meant is not for us to guess.</summary>
    public bool IsOnly { get; init; }

    public IEnumerable<string> Names =>
        [.. Condition.Names, .. Gives.SelectMany(give => give.Text.Names), .. Before.Concat(Steps).Concat(After).SelectMany(step => step.Names), .. Results.SelectMany(result => result.Names)];
}
