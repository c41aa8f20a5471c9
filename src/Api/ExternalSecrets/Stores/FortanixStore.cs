namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Fortanix.</summary>
public sealed record FortanixStore
{
    public ApiKeyBlock? ApiKey { get; init; }
    public string? ApiUrl { get; init; }

    public sealed record ApiKeyBlock
    {
        public SecretKeySelector? SecretRef { get; init; }
    }
}
