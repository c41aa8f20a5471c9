using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Azure Key Vault.</summary>
public sealed record AzureStore
{
    public const string ServicePrincipal = "ServicePrincipal";
    public const string ManagedIdentity = "ManagedIdentity";
    public const string WorkloadIdentity = "WorkloadIdentity";

    public required string VaultUrl { get; init; }

    /// <summary>ServicePrincipal (the default), ManagedIdentity or WorkloadIdentity.</summary>
    [Values(ServicePrincipal, ManagedIdentity, WorkloadIdentity)]
    [Schema(Nullable = true)]
    public string? AuthType { get; init; }

    public string? TenantId { get; init; }
    public Credentials? AuthSecretRef { get; init; }
    public ServiceAccountSelector? ServiceAccountRef { get; init; }

    /// <summary>With ManagedIdentity: the client ID of the identity.</summary>
    public string? IdentityId { get; init; }

    /// <summary>PublicCloud by default.</summary>
    [Values("PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud", "AzureStackCloud")]
    [Schema(Nullable = true)]
    public string? EnvironmentType { get; init; }

    /// <summary>Accepted; there is one implementation.</summary>
    [Schema(Nullable = true)]
    public bool? UseAzureSDK { get; init; }

    /// <summary>Endpoints of a cloud of one's own, with AzureStackCloud.</summary>
    public CustomCloud? CustomCloudConfig { get; init; }

    public sealed record Credentials
    {
        public SecretKeySelector? ClientId { get; init; }
        public SecretKeySelector? TenantId { get; init; }
        public SecretKeySelector? ClientSecret { get; init; }
        public SecretKeySelector? ClientCertificate { get; init; }
    }

    public sealed record CustomCloud
    {
        public required string ActiveDirectoryEndpoint { get; init; }
        public string? KeyVaultEndpoint { get; init; }
        public string? KeyVaultDNSSuffix { get; init; }
        public string? ResourceManagerEndpoint { get; init; }
    }
}
