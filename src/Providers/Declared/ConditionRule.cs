namespace GitOpsSecrets.Providers.Declared;

/// <summary>When a part of a definition counts.</summary>
/// <param name="When">Variables that must be there.</param>
/// <param name="Unless">Variables none of which may be there.</param>
/// <param name="Is">Variables that must be equal to texts.</param>
/// <param name="IsNot">Variables that must be there and differ from texts.</param>
internal sealed record ConditionRule(IReadOnlyList<string> When, IReadOnlyList<string> Unless, IReadOnlyDictionary<string, string> Is, IReadOnlyDictionary<string, string> IsNot)
{
    public bool Holds(Variables variables) =>
        When.All(variables.Has) && !Unless.Any(variables.Has) && Is.All(pair => variables.Equal(pair.Key, pair.Value)) && IsNot.All(pair => !variables.Equal(pair.Key, pair.Value));

    public IEnumerable<string> Names => [.. When, .. Unless, .. Is.Keys, .. IsNot.Keys];
}
