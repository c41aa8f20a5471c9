using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>A ServiceAccount in whose name tokens are requested.</summary>
public sealed record ServiceAccountSelector
{
    [ObjectName]
    public required string Name { get; init; }

    /// <remarks>Only for cluster-scoped kinds; absent there means the namespace of the object that uses them.</remarks>
    [NamespaceName]
    public string? Namespace { get; init; }

    /// <summary>Added to the audiences that the provider asks for.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }
}
