using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>An item of a Secret.</summary>
public sealed record SecretKeySelector
{
    /// <summary>Name of the Secret.</summary>
    [ObjectName]
    public string? Name { get; init; }

    /// <summary>Only for cluster-scoped kinds; absent there means the namespace of the object that uses them.</summary>
    [NamespaceName]
    public string? Namespace { get; init; }

    /// <summary>Key of the item. Some fields have a default key.</summary>
    [ItemKey]
    public string? Key { get; init; }
}
