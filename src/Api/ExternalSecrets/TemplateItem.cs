using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>An item that holds a template.</summary>
public sealed record TemplateItem
{
    public const string Values = "Values";
    public const string KeysAndValues = "KeysAndValues";

    [ItemKey]
    public required string Key { get; init; }

    /// <summary>Values (the default): its output is the value of the item of the same key. KeysAndValues: its output is YAML.</summary>
    [Values(Values, KeysAndValues)]
    [Schema(Nullable = true)]
    public string? TemplateAs { get; init; }

    [JsonIgnore]
    public string EffectiveTemplateAs => string.IsNullOrEmpty(TemplateAs) ? Values : TemplateAs;
}
