using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record ClusterExternalSecretSpec
{
    /// <summary>The spec of every ExternalSecret.</summary>
    [Schema(Required = true)]
    public ExternalSecretSpec ExternalSecretSpec { get; init => field = value ?? new(); } = new();

    /// <summary>Name of every ExternalSecret, that of this object by default.</summary>
    [ObjectName]
    public string? ExternalSecretName { get; init; }

    public ManagedMetadata? ExternalSecretMetadata { get; init; }

    /// <summary>Deprecated: use namespaceSelectors.</summary>
    public LabelSelector? NamespaceSelector { get; init; }

    /// <summary>A namespace is chosen when one of them matches.</summary>
    public IReadOnlyList<LabelSelector>? NamespaceSelectors { get; init; }

    /// <summary>Deprecated: use namespaceSelectors. Chosen besides those that selectors match.</summary>
    [NamespaceName]
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>How often it is checked that all is in place; 1h by default.</summary>
    public GoDuration? RefreshTime { get; init; }
}
