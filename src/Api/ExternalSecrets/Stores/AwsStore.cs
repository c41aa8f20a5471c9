using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>AWS Secrets Manager, Parameter Store or Certificate Manager.</summary>
public sealed record AwsStore
{
    public const string SecretsManagerService = "SecretsManager";
    public const string ParameterStoreService = "ParameterStore";
    public const string CertificateManagerService = "CertificateManager";

    [Values(SecretsManagerService, ParameterStoreService, CertificateManagerService)]
    public required string Service { get; init; }

    public required string Region { get; init; }
    public AwsAuth? Auth { get; init; }

    /// <summary>ARN of the role that is assumed.</summary>
    public string? Role { get; init; }

    /// <summary>ARNs of roles that are assumed before role, one after the other.</summary>
    public IReadOnlyList<string>? AdditionalRoles { get; init; }

    public string? ExternalID { get; init; }
    public IReadOnlyList<Tag>? SessionTags { get; init; }
    public IReadOnlyList<string>? TransitiveTagKeys { get; init; }

    /// <summary>None (the default), Simple (namespace and store as session tags) or Custom (customSessionTags too).</summary>
    [Values("None", "Simple", "Custom")]
    [Schema(Nullable = true)]
    public string? SessionTagsPolicy { get; init; }

    [Rule("!('esoNamespace' in self) && !('esoStoreName' in self) && !('esoStoreKind' in self)", "customSessionTags cannot contain automatically injected reserved keys: esoNamespace, esoStoreName, esoStoreKind")]
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? CustomSessionTags { get; init; }

    /// <summary>Put in front of every key.</summary>
    public string? Prefix { get; init; }

    public SecretsManagerSettings? SecretsManager { get; init; }

    public sealed record Tag
    {
        public required string Key { get; init; }
        public required string Value { get; init; }
    }

    /// <summary>How secrets are deleted.</summary>
    public sealed record SecretsManagerSettings
    {
        public bool? ForceDeleteWithoutRecovery { get; init; }

        /// <summary>7 to 30.</summary>
        public long? RecoveryWindowInDays { get; init; }
    }
}
