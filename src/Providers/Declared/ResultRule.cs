using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>What of the last answer is the secret: a value at a path, the whole body, or a list of names and values.</summary>
internal sealed record ResultRule
{
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

    /// <summary>Whether at <see cref="Value"/> is an object of names and values in base64.</summary>
    public bool HasEncodedMembers { get; init; }

    /// <summary>In the answer, where a list of certificates in PEM is, and their private key; null where the answer is none of a certificate.</summary>
    public (string Chain, string Key)? Certificate { get; init; }

    /// <summary>The property that is meant where a reference names none.</summary>
    public string? DefaultProperty { get; init; }

    public PropertyOrder Order { get; init; }

    /// <summary>Whether the property was looked up by the store.</summary>
    public bool IsProperty { get; init; }
}
