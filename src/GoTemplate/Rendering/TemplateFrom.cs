namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>One entry of <c>templateFrom</c>. What it names is rendered in the order of the properties.</summary>
public sealed record TemplateFrom
{
    public TemplateReference? ConfigMap { get; init; }

    public TemplateReference? Secret { get; init; }

    /// <summary>A template that renders to a YAML map.</summary>
    public string? Literal { get; init; }

    /// <summary><c>Data</c> (also when empty), <c>Labels</c> or <c>Annotations</c>, in any case.</summary>
    public string Target { get; init; } = "";

    /// <summary>What is done to each rendered value: see <see cref="RenderedValue"/>.</summary>
    public string DecodingStrategy { get; init; } = "";
}
