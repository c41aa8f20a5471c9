using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>The same PushSecret in every namespace that is chosen.</summary>
[CustomResource(ExternalSecretNames.Group, ClusterPushSecretKind, Plural, Cluster = true, Versions = [ExternalSecretNames.V1Alpha1])]
[PrinterColumn("AGE", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Status", PrinterColumnAttribute.ReadyReason)]
public sealed record ClusterPushSecret
{
    public const string ClusterPushSecretKind = "ClusterPushSecret";
    public const string Plural = "clusterpushsecrets";

    public string? Kind { get; init; } = ClusterPushSecretKind;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GroupV1Alpha1;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ClusterPushSecretSpec Spec { get; init => field = value ?? new(); } = new();
    public ClusterPushSecretStatus? Status { get; init; }

    /// <summary>Name of the PushSecrets that are made: its own, unless it says another.</summary>
    [JsonIgnore]
    public string EffectivePushSecretName => string.IsNullOrEmpty(Spec.PushSecretName) ? Metadata.Name ?? "" : Spec.PushSecretName;
}
