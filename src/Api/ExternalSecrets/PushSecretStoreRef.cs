using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Stores, by name or by labels.</summary>
public sealed record PushSecretStoreRef
{
    [ObjectName]
    public string? Name { get; init; }

    public LabelSelector? LabelSelector { get; init; }

    /// <summary>SecretStore (the default) or ClusterSecretStore.</summary>
    [Values(SecretStore.SecretStoreKind, ClusterSecretStore.ClusterSecretStoreKind)]
    [Schema(Nullable = true)]
    public string? Kind { get; init; }

    [JsonIgnore]
    public string EffectiveKind => string.IsNullOrEmpty(Kind) ? SecretStore.SecretStoreKind : Kind;
}
