using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary>A core/v1 Secret. <see cref="Data"/> holds decoded bytes; on the wire each value is base64.</summary>
public sealed record Secret
{
    public const string SecretKind = "Secret";
    public const string SecretApiVersion = "v1";

    public string? Kind { get; init; } = SecretKind;
    public string? ApiVersion { get; init; } = SecretApiVersion;
    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public bool? Immutable { get; init; }

    /// <summary>Item name → plaintext bytes. A <c>null</c> value is an item without content.</summary>
    [JsonConverter(typeof(Base64MapConverter))]
    public SortedDictionary<string, byte[]?>? Data { get; init; }

    /// <summary>Write-only in Kubernetes; wins over <see cref="Data"/> where a name is in both.</summary>
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? StringData { get; init; }

    public string? Type { get; init; }

    /// <summary>Names the object only, so that no value can reach a log.</summary>
    public override string ToString() => $"Secret {Metadata.Namespace}/{Metadata.Name}";
}
