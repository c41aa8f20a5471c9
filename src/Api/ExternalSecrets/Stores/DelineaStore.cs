namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Delinea DevOps Secrets Vault.</summary>
public sealed record DelineaStore
{
    public required ValueOrSecret ClientId { get; init; }
    public required ValueOrSecret ClientSecret { get; init; }
    public required string Tenant { get; init; }
    public string? Tld { get; init; }
    public string? UrlTemplate { get; init; }
}
