using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Infisical.</summary>
public sealed record InfisicalStore
{
    public required AuthBlock Auth { get; init; }

    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }

    /// <summary>https://app.infisical.com/api by default.</summary>
    [Schema(Nullable = true)]
    public string? HostAPI { get; init; }

    public required SecretsScopeBlock SecretsScope { get; init; }

    public sealed record AuthBlock
    {
        public IdentityBlock? AwsAuthCredentials { get; init; }
        public AzureAuthCredentialsBlock? AzureAuthCredentials { get; init; }
        public GcpIamAuthCredentialsBlock? GcpIamAuthCredentials { get; init; }
        public IdentityBlock? GcpIdTokenAuthCredentials { get; init; }
        public JwtAuthCredentialsBlock? JwtAuthCredentials { get; init; }
        public KubernetesAuthCredentialsBlock? KubernetesAuthCredentials { get; init; }
        public LdapAuthCredentialsBlock? LdapAuthCredentials { get; init; }
        public OciAuthCredentialsBlock? OciAuthCredentials { get; init; }
        public TokenAuthCredentialsBlock? TokenAuthCredentials { get; init; }
        public UniversalAuthCredentialsBlock? UniversalAuthCredentials { get; init; }
    }

    public sealed record IdentityBlock
    {
        public required SecretKeySelector IdentityId { get; init; }
    }

    public sealed record AzureAuthCredentialsBlock
    {
        public required SecretKeySelector IdentityId { get; init; }
        public SecretKeySelector? Resource { get; init; }
    }

    public sealed record GcpIamAuthCredentialsBlock
    {
        public required SecretKeySelector IdentityId { get; init; }
        public required SecretKeySelector ServiceAccountKeyFilePath { get; init; }
    }

    public sealed record JwtAuthCredentialsBlock
    {
        public required SecretKeySelector IdentityId { get; init; }
        public required SecretKeySelector Jwt { get; init; }
    }

    public sealed record KubernetesAuthCredentialsBlock
    {
        public required SecretKeySelector IdentityId { get; init; }
        public SecretKeySelector? ServiceAccountTokenPath { get; init; }
    }

    public sealed record LdapAuthCredentialsBlock
    {
        public required SecretKeySelector IdentityId { get; init; }
        public required SecretKeySelector LdapPassword { get; init; }
        public required SecretKeySelector LdapUsername { get; init; }
    }

    public sealed record OciAuthCredentialsBlock
    {
        public required SecretKeySelector Fingerprint { get; init; }
        public required SecretKeySelector IdentityId { get; init; }
        public required SecretKeySelector PrivateKey { get; init; }
        public SecretKeySelector? PrivateKeyPassphrase { get; init; }
        public required SecretKeySelector Region { get; init; }
        public required SecretKeySelector TenancyId { get; init; }
        public required SecretKeySelector UserId { get; init; }
    }

    public sealed record TokenAuthCredentialsBlock
    {
        public required SecretKeySelector AccessToken { get; init; }
    }

    public sealed record UniversalAuthCredentialsBlock
    {
        public required SecretKeySelector ClientId { get; init; }
        public required SecretKeySelector ClientSecret { get; init; }
    }

    public sealed record SecretsScopeBlock
    {
        public required string EnvironmentSlug { get; init; }

        /// <summary>true by default.</summary>
        [Schema(Nullable = true)]
        public bool? ExpandSecretReferences { get; init; }

        public string? OrganizationSlug { get; init; }
        public required string ProjectSlug { get; init; }
        [Schema(Nullable = true)]
        public bool? Recursive { get; init; }

        /// <summary>/ by default.</summary>
        [Schema(Nullable = true)]
        public string? SecretsPath { get; init; }
    }
}
