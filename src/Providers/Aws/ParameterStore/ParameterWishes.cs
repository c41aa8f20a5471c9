using System.Text.Json;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Aws.ParameterStore;

/// <summary>How a pushed parameter is to be kept: the <c>spec</c> of a PushSecret entry's <c>metadata</c>.</summary>
internal sealed record ParameterWishes
{
    public const string Plain = "String";
    public const string Encrypted = "SecureString";
    public const string List = "StringList";
    public const string DefaultKey = "alias/aws/ssm";

    /// <summary>String (the default), SecureString or StringList.</summary>
    public string? SecretType { get; init; }

    /// <summary>For SecureString.</summary>
    public string? KmsKeyID { get; init; }

    public TierBlock? Tier { get; init; }

    /// <summary>Whether a whole Secret is pushed with its values as they are, rather than in base64.</summary>
    public bool? EncodeAsDecoded { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Tags { get; init; }

    public string? Description { get; init; }

    internal sealed record TierBlock
    {
        /// <summary>Standard (the default), Advanced or Intelligent-Tiering.</summary>
        public string? Type { get; init; }

        /// <summary>Policies of an advanced parameter, in AWS's JSON.</summary>
        public JsonElement? Policies { get; init; }
    }
}
