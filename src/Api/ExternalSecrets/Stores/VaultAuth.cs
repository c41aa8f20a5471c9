using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>How Vault is logged in to. The first way that is set counts.</summary>
public sealed record VaultAuth
{
    /// <summary>The namespace to log in to, where it is not that of the store.</summary>
    public string? Namespace { get; init; }

    public SecretKeySelector? TokenSecretRef { get; init; }
    public AppRoleAuth? AppRole { get; init; }
    public KubernetesAuth? Kubernetes { get; init; }
    public PasswordAuth? Ldap { get; init; }

    /// <summary>With path ldap by default, or userpass for userPass.</summary>
    public PasswordAuth? UserPass { get; init; }

    public JwtAuth? Jwt { get; init; }
    public CertAuth? Cert { get; init; }
    public IamAuth? Iam { get; init; }
    public GcpAuth? Gcp { get; init; }

    public sealed record AppRoleAuth
    {
        /// <summary>approle by default.</summary>
        [Schema(Nullable = true)]
        public string? Path { get; init; }

        public string? RoleId { get; init; }
        public SecretKeySelector? RoleRef { get; init; }
        public required SecretKeySelector SecretRef { get; init; }
    }

    public sealed record KubernetesAuth
    {
        /// <summary>kubernetes by default.</summary>
        [Schema(Nullable = true)]
        public string? MountPath { get; init; }

        public required string Role { get; init; }
        public ServiceAccountSelector? ServiceAccountRef { get; init; }
        public SecretKeySelector? SecretRef { get; init; }
    }

    public sealed record PasswordAuth
    {
        [Schema(Nullable = true)]
        public string? Path { get; init; }
        public required string Username { get; init; }
        public SecretKeySelector? SecretRef { get; init; }
    }

    public sealed record JwtAuth
    {
        /// <summary>jwt by default.</summary>
        [Schema(Nullable = true)]
        public string? Path { get; init; }

        public string? Role { get; init; }
        public SecretKeySelector? SecretRef { get; init; }
        public RequestedToken? KubernetesServiceAccountToken { get; init; }
    }

    /// <summary>A token that is requested for a ServiceAccount.</summary>
    public sealed record RequestedToken
    {
        public required ServiceAccountSelector ServiceAccountRef { get; init; }

        /// <summary>vault by default.</summary>
        public IReadOnlyList<string>? Audiences { get; init; }

        /// <summary>600 by default.</summary>
        public long? ExpirationSeconds { get; init; }
    }

    public sealed record CertAuth
    {
        /// <summary>cert by default.</summary>
        [Schema(Nullable = true)]
        public string? Path { get; init; }

        public string? VaultRole { get; init; }
        public SecretKeySelector? ClientCert { get; init; }

        /// <summary>The key of the certificate.</summary>
        public SecretKeySelector? SecretRef { get; init; }
    }

    public sealed record IamAuth
    {
        /// <summary>aws by default.</summary>
        public string? Path { get; init; }

        /// <summary>us-east-1 by default.</summary>
        public string? Region { get; init; }

        /// <summary>ARN of the role that is assumed before.</summary>
        public string? Role { get; init; }

        public required string VaultRole { get; init; }
        public string? ExternalID { get; init; }

        [JsonPropertyName("vaultAwsIamServerID")]
        public string? ServerId { get; init; }

        public AwsCredentialsRef? SecretRef { get; init; }
        public AwsJwtAuth? Jwt { get; init; }
    }

    public sealed record GcpAuth
    {
        /// <summary>gcp by default.</summary>
        [Schema(Nullable = true)]
        public string? Path { get; init; }

        public required string Role { get; init; }
        public string? ProjectID { get; init; }
        public string? Location { get; init; }
        public GcpSecretRef? SecretRef { get; init; }
        public GcpWorkloadIdentity? WorkloadIdentity { get; init; }
        public ServiceAccountSelector? ServiceAccountRef { get; init; }
    }
}
