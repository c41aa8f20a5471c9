using System.Text.Json.Serialization;

namespace GitOpsSecrets.Api;

/// <summary><c>spec.template</c>: what the Secret gets besides the opened items.</summary>
public sealed record SecretTemplateSpec
{
    public ObjectMeta? Metadata { get; init; }
    public string? Type { get; init; }
    public bool? Immutable { get; init; }

    /// <summary>Item name → Go template over the opened items; its output replaces or adds the item.</summary>
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Data { get; init; }
}
