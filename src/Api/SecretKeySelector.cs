using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>An item of a Secret.</summary>
public sealed record SecretKeySelector
{
    [ObjectName]
    public string? Name { get; init; }

    /// <remarks>Only for cluster-scoped kinds; absent there means the namespace of the object that uses them.</remarks>
    [NamespaceName]
    public string? Namespace { get; init; }

    /// <remarks>Some fields have a default key.</remarks>
    [ItemKey]
    public string? Key { get; init; }
}
