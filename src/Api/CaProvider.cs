using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>Where the PEM certificates of a server's authority are read from.</summary>
public sealed record CaProvider
{
    public const string SecretType = "Secret";
    public const string ConfigMapType = "ConfigMap";

    [Values(SecretType, ConfigMapType)]
    public required string Type { get; init; }

    [ObjectName]
    public required string Name { get; init; }

    [ItemKey]
    public string? Key { get; init; }

    /// <summary>Only for cluster-scoped kinds.</summary>
    [NamespaceName]
    public string? Namespace { get; init; }
}
