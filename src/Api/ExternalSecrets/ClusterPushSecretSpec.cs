using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

public sealed record ClusterPushSecretSpec
{
    /// <summary>The spec of every PushSecret.</summary>
    [Schema(Required = true)]
    public PushSecretSpec PushSecretSpec { get; init => field = value ?? new(); } = new();

    /// <summary>How often it is checked that all is in place; 1h by default.</summary>
    public GoDuration? RefreshTime { get; init; }

    /// <summary>Name of every PushSecret, that of this object by default.</summary>
    [ObjectName]
    public string? PushSecretName { get; init; }

    public ManagedMetadata? PushSecretMetadata { get; init; }

    /// <summary>A namespace is chosen when one of them matches.</summary>
    public IReadOnlyList<LabelSelector>? NamespaceSelectors { get; init; }
}
