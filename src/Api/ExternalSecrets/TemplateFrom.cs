using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Templates in a ConfigMap or Secret, or written here.</summary>
public sealed record TemplateFrom
{
    public const string Data = "Data";
    public const string Annotations = "Annotations";
    public const string Labels = "Labels";

    public TemplateSource? ConfigMap { get; init; }
    public TemplateSource? Secret { get; init; }

    /// <summary>Where the result goes: Data (the default), Labels or Annotations; with target.manifest also a path such as spec.rules[0].</summary>
    [Schema(Nullable = true)]
    public string? Target { get; init; }

    /// <summary>A template whose output is YAML: keys and values.</summary>
    public string? Literal { get; init; }

    /// <summary>How the rendered values are decoded. None by default.</summary>
    [Values(DecodingStrategy.Auto, DecodingStrategy.Base64, DecodingStrategy.Base64Url, DecodingStrategy.None)]
    public string? ValuesDecodingStrategy { get; init; }

    [JsonIgnore]
    public string EffectiveTarget => string.IsNullOrEmpty(Target) ? Data : Target;
}
