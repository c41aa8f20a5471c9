using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Namespaces that may use a ClusterSecretStore: by labels, by name or by pattern; one match is enough.</summary>
public sealed record NamespaceCondition
{
    public LabelSelector? NamespaceSelector { get; init; }

    [NamespaceName]
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Regular expressions (RE2) that are found anywhere in the name.</summary>
    public IReadOnlyList<string>? NamespaceRegexes { get; init; }
}
