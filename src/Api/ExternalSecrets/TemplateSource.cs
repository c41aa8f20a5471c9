using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A ConfigMap or Secret of the same namespace that holds templates.</summary>
public sealed record TemplateSource
{
    [ObjectName]
    public required string Name { get; init; }

    public required IReadOnlyList<TemplateItem> Items { get; init; }
}
