namespace GitOpsSecrets.Providers.Declared;

/// <summary>How a store is written.</summary>
/// <param name="Key">What the key must look like; null takes any.</param>
/// <param name="Lookup">Looks for what is there; a step that says "missing" says that nothing is.</param>
/// <param name="Current">In the last answer of the lookup, where the value is that would be overwritten; null where it does not say.</param>
/// <param name="IsBase64">Whether <see cref="Current"/> is base64.</param>
/// <param name="IsText">Whether the store keeps text only.</param>
/// <param name="Present">A variable of the lookup without which nothing is there that could be removed; null where the lookup says all.</param>
/// <param name="Create">Steps where nothing is there.</param>
/// <param name="Update">Steps where something is.</param>
/// <param name="Delete">Steps that remove what is there.</param>
internal sealed record PushRule(
    KeyPattern? Key,
    IReadOnlyList<StepRule> Lookup,
    TextPattern? Current,
    bool IsBase64,
    bool IsText,
    string? Present,
    IReadOnlyList<StepRule> Create,
    IReadOnlyList<StepRule> Update,
    IReadOnlyList<StepRule> Delete)
{
    public IEnumerable<string> Names => Lookup.Concat(Create).Concat(Update).Concat(Delete).SelectMany(step => step.Names);
}
