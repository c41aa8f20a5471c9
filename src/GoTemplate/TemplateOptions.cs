namespace GitOpsSecrets.GoTemplate;

/// <summary>How a template is read.</summary>
public sealed record TemplateOptions
{
    public string LeftDelimiter { get; init; } = "{{";

    public string RightDelimiter { get; init; } = "}}";

    public MissingKey MissingKey { get; init; } = MissingKey.Default;

    public TemplateFunctions Functions { get; init; } = TemplateFunctions.ExternalSecrets;
}
