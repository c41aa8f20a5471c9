using System.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>When a part of a definition counts.</summary>
/// <param name="When">Variables that must be there.</param>
/// <param name="Unless">Variables none of which may be there.</param>
/// <param name="Is">Variables that must be equal to texts.</param>
/// <param name="IsNot">Variables that must be there and differ from texts.</param>
internal sealed record ConditionRule(IReadOnlyList<string> When, IReadOnlyList<string> Unless, IReadOnlyDictionary<string, string> Is, IReadOnlyDictionary<string, string> IsNot)
{
    /// <summary>Variables that must look like this.</summary>
    public IReadOnlyDictionary<string, KeyPattern> Fits { get; init; } = new Dictionary<string, KeyPattern>();

    /// <summary>Variables that must not look like this.</summary>
    public IReadOnlyDictionary<string, KeyPattern> FitsNot { get; init; } = new Dictionary<string, KeyPattern>();

    /// <summary>Variables that must be one of these.</summary>
    public IReadOnlyDictionary<string, Choice> In { get; init; } = new Dictionary<string, Choice>();

    /// <summary>Variables that must be none of these.</summary>
    public IReadOnlyDictionary<string, Choice> NotIn { get; init; } = new Dictionary<string, Choice>();

    /// <summary>Holds always.</summary>
    public static ConditionRule None { get; } = new([], [], new Dictionary<string, string>(), new Dictionary<string, string>());

    public bool Holds(Variables variables) =>
        When.All(variables.Has) && !Unless.Any(variables.Has) && Is.All(pair => variables.Equal(pair.Key, pair.Value)) && IsNot.All(pair => !variables.Equal(pair.Key, pair.Value))
        && Fits.All(pair => IsLike(variables, pair.Key, pair.Value)) && !FitsNot.Any(pair => IsLike(variables, pair.Key, pair.Value))
        && In.All(pair => pair.Value.Has(variables, pair.Key)) && !NotIn.Any(pair => pair.Value.Has(variables, pair.Key));

    public IEnumerable<string> Names => [.. When, .. Unless, .. Is.Keys, .. IsNot.Keys, .. Fits.Keys, .. FitsNot.Keys, .. In.Keys, .. NotIn.Keys, .. In.Concat(NotIn).SelectMany(pair => pair.Value.Names)];

    private static bool IsLike(Variables variables, string name, KeyPattern form)
    {
        using var parts = new Variables();
        return variables.Find(name) is { } value && form.Match(Encoding.UTF8.GetString(value), parts);
    }
}
