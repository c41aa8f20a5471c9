using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A token for Azure Container Registry.</summary>
[GeneratorKind(GeneratorKinds.AcrAccessToken)]
public sealed record AcrAccessTokenSpec
{
    public required AuthBlock Auth { get; init; }

    /// <summary>PublicCloud by default.</summary>
    [Values("PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud", "AzureStackCloud")]
    [Schema(Nullable = true)]
    public string? EnvironmentType { get; init; }

    public required string Registry { get; init; }
    public string? Scope { get; init; }
    public string? TenantId { get; init; }

    public sealed record AuthBlock
    {
        public ManagedIdentityBlock? ManagedIdentity { get; init; }
        public ServicePrincipalBlock? ServicePrincipal { get; init; }
        public WorkloadIdentityBlock? WorkloadIdentity { get; init; }
    }

    public sealed record ManagedIdentityBlock
    {
        public string? IdentityId { get; init; }
    }

    public sealed record ServicePrincipalBlock
    {
        public required SecretRefBlock SecretRef { get; init; }
    }

    public sealed record SecretRefBlock
    {
        public SecretKeySelector? ClientId { get; init; }
        public SecretKeySelector? ClientSecret { get; init; }
    }

    public sealed record WorkloadIdentityBlock
    {
        public ServiceAccountSelector? ServiceAccountRef { get; init; }
    }
}
