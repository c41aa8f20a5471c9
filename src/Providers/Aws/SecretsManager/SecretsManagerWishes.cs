using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Aws.SecretsManager;

/// <summary>How a pushed secret is to be kept: the <c>spec</c> of a PushSecret entry's <c>metadata</c>.</summary>
internal sealed record SecretsManagerWishes
{
    public const string Text = "string";
    public const string Binary = "binary";
    public const string DefaultKey = "alias/aws/secretsmanager";

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Tags { get; init; }

    public string? Description { get; init; }

    /// <summary>binary (the default) or string.</summary>
    public string? SecretPushFormat { get; init; }

    public string? KmsKeyId { get; init; }
    public PolicyBlock? ResourcePolicy { get; init; }

    /// <summary>Regions that hold replicas; null leaves them as they are.</summary>
    public IReadOnlyList<string>? ReplicationLocations { get; init; }

    internal sealed record PolicyBlock
    {
        public bool? BlockPublicPolicy { get; init; }
        public PolicySource? PolicySourceRef { get; init; }
    }

    internal sealed record PolicySource
    {
        /// <summary>ConfigMap or Secret.</summary>
        public string? Kind { get; init; }

        public string? Name { get; init; }
        public string? Key { get; init; }
    }
}
