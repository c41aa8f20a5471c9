using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>What of the last answer is the secret: a value at a path, the whole body, or a list of names and values.</summary>
internal sealed record ResultRule
{
    /// <summary>When it counts: of several, the first that does is taken.</summary>
    public ConditionRule Condition { get; init; } = ConditionRule.None;

    /// <summary>Where the value is; with <see cref="PairName"/>, where the list is. Null takes the whole body.</summary>
    public TextPattern? Value { get; init; }

    public bool IsBase64 { get; init; }

    /// <summary>Whether the values come wrapped (<see cref="WrappedJson"/>).</summary>
    public bool IsWrapped { get; init; }

    /// <summary>In an element of the list, where its name is; null where there is no list.</summary>
    public string? PairName { get; init; }

    /// <summary>In an element of the list, where its value is.</summary>
    public string? PairValue { get; init; }

    /// <summary>In an element of the list, where its value is as base64, of one that has no <see cref="PairValue"/>; null for nowhere.</summary>
    public string? PairBytes { get; init; }

    /// <summary>In an element of the list, where another name of it is; null for nowhere.</summary>
    public string? PairAlias { get; init; }

    /// <summary>Whether properties are first looked for in the first element's value, where that is JSON, and all values are those in it, where it is an object.</summary>
    public bool IsFirstJson { get; init; }

    /// <summary>Whether at <see cref="Value"/> is an object of names and values in base64.</summary>
    public bool HasEncodedMembers { get; init; }

    /// <summary>In the answer, where a list of certificates in PEM is, and their private key; null where the answer is none of a certificate.</summary>
    public (string Chain, string Key)? Certificate { get; init; }

    /// <summary>The property that is meant where a reference names none.</summary>
    public TextPattern? DefaultProperty { get; init; }

    /// <summary>What the property that a reference names is called in the answer; null where it is called the same.</summary>
    public TextPattern? PropertyName { get; init; }

    /// <summary>Whether a property that is not there is a secret that is not there.</summary>
    public bool IsMissingWithoutProperty { get; init; }

    /// <summary>Whether keys and values are found in it as in YAML.</summary>
    public bool IsYaml { get; init; }

    /// <summary>Where properties are looked up, and keys and values; empty for in the value itself.</summary>
    public IReadOnlyList<ResultRule> Within { get; init; } = [];

    /// <summary>What all keys and values are, whatever the property; empty for those of <see cref="Within"/>, or of the value itself.</summary>
    public IReadOnlyList<ResultRule> Extract { get; init; } = [];

    public IEnumerable<string> Names =>
        [.. Condition.Names, .. Value?.Names ?? [], .. DefaultProperty?.Names ?? [], .. PropertyName?.Names ?? [], .. Within.Concat(Extract).SelectMany(rule => rule.Names)];

    public PropertyOrder Order { get; init; }

    /// <summary>Whether the property was looked up by the store.</summary>
    public bool IsProperty { get; init; }
}
