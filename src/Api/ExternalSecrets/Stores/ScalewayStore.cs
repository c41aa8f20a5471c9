namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Scaleway Secret Manager.</summary>
public sealed record ScalewayStore
{
    public required ValueOrSecret AccessKey { get; init; }
    public string? ApiUrl { get; init; }
    public required string ProjectId { get; init; }
    public required string Region { get; init; }
    public required ValueOrSecret SecretKey { get; init; }
}
