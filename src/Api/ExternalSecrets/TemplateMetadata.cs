using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Metadata of what is written. Values of labels and annotations are templates.</summary>
public sealed record TemplateMetadata
{
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Annotations { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Labels { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }
}
