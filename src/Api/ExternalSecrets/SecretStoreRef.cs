using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A store of the same namespace, or of the cluster.</summary>
public sealed record SecretStoreRef
{
    [ObjectName]
    public string? Name { get; init; }

    /// <summary>SecretStore (the default) or ClusterSecretStore.</summary>
    [Values(SecretStore.SecretStoreKind, ClusterSecretStore.ClusterSecretStoreKind)]
    public string? Kind { get; init; }

    [JsonIgnore]
    public string EffectiveKind => string.IsNullOrEmpty(Kind) ? SecretStore.SecretStoreKind : Kind;
}
