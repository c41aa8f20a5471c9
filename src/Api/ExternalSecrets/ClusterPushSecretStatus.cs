namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>How it went.</summary>
public sealed record ClusterPushSecretStatus
{
    /// <summary>Name of the PushSecrets that were made last.</summary>
    public string? PushSecretName { get; init; }

    public IReadOnlyList<FailedNamespace>? FailedNamespaces { get; init; }
    public IReadOnlyList<string>? ProvisionedNamespaces { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>The generation that the conditions speak of.</summary>
    public long? ObservedGeneration { get; init; }
}
