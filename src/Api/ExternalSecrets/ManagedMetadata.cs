using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Labels and annotations of the objects that are made.</summary>
public sealed record ManagedMetadata
{
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Annotations { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Labels { get; init; }
}
