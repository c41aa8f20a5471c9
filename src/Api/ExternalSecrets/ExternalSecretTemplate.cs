using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>What a Secret looks like; texts are Go templates over the fetched values.</summary>
public sealed record ExternalSecretTemplate
{
    public const string Replace = "Replace";
    public const string Merge = "Merge";

    /// <summary>Type of the Secret, Opaque by default.</summary>
    public string? Type { get; init; }

    /// <summary>There is only v2.</summary>
    [Values("v2")]
    [Schema(Nullable = true)]
    public string? EngineVersion { get; init; }

    public TemplateMetadata? Metadata { get; init; }

    /// <summary>Whether fetched values are written beside what templates make: Merge, or Replace (the default).</summary>
    [Values(Replace, Merge)]
    [Schema(Nullable = true)]
    public string? MergePolicy { get; init; }

    /// <summary>Key of the item to the template of its value.</summary>
    [JsonConverter(typeof(StringMapConverter))]
    public SortedDictionary<string, string>? Data { get; init; }

    /// <summary>Templates that are kept elsewhere, or that make keys too.</summary>
    public IReadOnlyList<TemplateFrom>? TemplateFrom { get; init; }

    [JsonIgnore]
    public string EffectiveMergePolicy => string.IsNullOrEmpty(MergePolicy) ? Replace : MergePolicy;
}
