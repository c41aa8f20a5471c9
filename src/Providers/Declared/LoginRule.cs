namespace GitOpsSecrets.Providers.Declared;

/// <summary>One way to log in. The first whose condition holds is the store's.</summary>
/// <param name="Assertion">A JWT that is signed before; null for none.</param>
/// <param name="Identity">That of the controller's machine or pod, which is asked before; null for none.</param>
/// <param name="Gives">Variables made of others, where no request is needed.</param>
/// <param name="End">Steps that end what the login began; they are tried, and no more.</param>
/// <param name="LifetimePath">Where the last answer says for how many seconds, or until when, what was taken is good; null where it does not.</param>
/// <param name="Lifetime">How long it is good where the answer does not say; null for ever.</param>
internal sealed record LoginRule(ConditionRule Condition, AssertionRule? Assertion, IdentityRule? Identity, IReadOnlyList<StepRule> Steps, IReadOnlyList<NamedPattern> Gives, IReadOnlyList<StepRule> End, string? LifetimePath, TimeSpan? Lifetime)
{
    /// <summary>Why this way cannot be gone; null where it can.</summary>
    public string? Refusal { get; init; }

    public IEnumerable<string> Takes => [.. Identity?.Identity.Gives ?? [], .. Steps.SelectMany(step => step.Takes).Select(take => take.Name), .. Gives.Select(given => given.Name)];

    /// <summary>All that it needs to know.</summary>
    public IEnumerable<string> Names => [.. Condition.Names, .. Assertion?.Names ?? [], .. Identity?.Names ?? [], .. Steps.SelectMany(step => step.Names), .. Gives.SelectMany(given => given.Text.Names)];

    /// <summary>Whether another login would give something else.</summary>
    public bool CanBeRepeated => Steps.Count > 0 || Identity is not null;
}
