namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A namespace where it did not work, and why.</summary>
public sealed record FailedNamespace
{
    public required string Namespace { get; init; }
    public string? Reason { get; init; }
}
