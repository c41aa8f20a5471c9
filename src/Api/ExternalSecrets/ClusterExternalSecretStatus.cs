namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>How it went.</summary>
public sealed record ClusterExternalSecretStatus
{
    /// <summary>Name of the ExternalSecrets that were made last.</summary>
    public string? ExternalSecretName { get; init; }

    public IReadOnlyList<FailedNamespace>? FailedNamespaces { get; init; }
    public IReadOnlyList<string>? ProvisionedNamespaces { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>The generation that the conditions speak of.</summary>
    public long? ObservedGeneration { get; init; }
}
