using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>The same ExternalSecret in every namespace that is chosen. Version v1beta1 is read into the same record.</summary>
[CustomResource(ExternalSecretNames.Group, ClusterExternalSecretKind, Plural, ShortName = "ces", Cluster = true, Versions = [ExternalSecretNames.V1, ExternalSecretNames.V1Beta1])]
[PrinterColumn("Store", ".spec.externalSecretSpec.secretStoreRef.name")]
[PrinterColumn("Refresh Interval", ".spec.refreshTime")]
[PrinterColumn("Ready", PrinterColumnAttribute.Ready)]
public sealed record ClusterExternalSecret
{
    public const string ClusterExternalSecretKind = "ClusterExternalSecret";
    public const string Plural = "clusterexternalsecrets";

    public string? Kind { get; init; } = ClusterExternalSecretKind;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GroupV1;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ClusterExternalSecretSpec Spec { get; init => field = value ?? new(); } = new();
    public ClusterExternalSecretStatus? Status { get; init; }

    /// <summary>Name of the ExternalSecrets that are made: its own, unless it says another.</summary>
    [JsonIgnore]
    public string EffectiveExternalSecretName => string.IsNullOrEmpty(Spec.ExternalSecretName) ? Metadata.Name ?? "" : Spec.ExternalSecretName;
}
