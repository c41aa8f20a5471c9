using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>An identity from outside of Google Cloud.</summary>
public sealed record GcpWorkloadIdentityFederation
{
    /// <summary>An item of a ConfigMap that holds the credential configuration, as JSON.</summary>
    public ConfigMapKeySelector? CredConfig { get; init; }

    public ServiceAccountSelector? ServiceAccountRef { get; init; }
    public AwsSecurityCredentialsRef? AwsSecurityCredentials { get; init; }
    public string? Audience { get; init; }
    public string? ExternalTokenEndpoint { get; init; }

    [Schema(MinLength = 1, Pattern = @"^.*@.*\.iam\.gserviceaccount\.com$")]
    public string? GcpServiceAccountEmail { get; init; }

    public sealed record AwsSecurityCredentialsRef
    {
        /// <summary>A Secret with the items aws_access_key_id, aws_secret_access_key and, if need be, aws_session_token.</summary>
        public required SecretReference AwsCredentialsSecretRef { get; init; }

        [Schema(MinLength = 1, MaxLength = 50, Pattern = "^[a-z0-9-]+$")]
        public required string Region { get; init; }
    }

    public sealed record SecretReference
    {
        [ObjectName]
        public required string Name { get; init; }

        [NamespaceName]
        public string? Namespace { get; init; }
    }

    public sealed record ConfigMapKeySelector
    {
        [ObjectName]
        public required string Name { get; init; }

        [NamespaceName]
        public string? Namespace { get; init; }

        [ItemKey]
        public required string Key { get; init; }
    }
}
