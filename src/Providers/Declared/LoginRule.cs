namespace GitOpsSecrets.Providers.Declared;

/// <summary>One way to log in. The first whose condition holds is the store's.</summary>
/// <param name="Assertion">A JWT that is signed before; null for none.</param>
/// <param name="Gives">Variables made of others, where no request is needed.</param>
/// <param name="End">Steps that end what the login began; they are tried, and no more.</param>
/// <param name="LifetimePath">Where the last answer says for how many seconds, or until when, what was taken is good; null where it does not.</param>
/// <param name="Lifetime">How long it is good where the answer does not say; null for ever.</param>
internal sealed record LoginRule(ConditionRule Condition, AssertionRule? Assertion, IReadOnlyList<StepRule> Steps, IReadOnlyList<NamedPattern> Gives, IReadOnlyList<StepRule> End, string? LifetimePath, TimeSpan? Lifetime)
{
    public IEnumerable<string> Takes => [.. Steps.SelectMany(step => step.Takes).Select(take => take.Name), .. Gives.Select(given => given.Name)];
}
