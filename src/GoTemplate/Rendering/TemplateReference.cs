namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>The keys of one ConfigMap or Secret whose texts are templates.</summary>
public sealed record TemplateReference
{
    public string Name { get; init; } = "";

    public IReadOnlyList<TemplateItem> Items { get; init; } = [];
}
