using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A Secret whose values are fetched from where they are kept. Version v1beta1 is read into the same record.</summary>
[CustomResource(ExternalSecretNames.Group, ExternalSecretKind, Plural, ShortName = "es", Versions = [ExternalSecretNames.V1, ExternalSecretNames.V1Beta1],
    SelectableFields = [".spec.secretStoreRef.name", ".spec.secretStoreRef.kind", ".spec.target.name", ".spec.refreshInterval"])]
[PrinterColumn("StoreType", ".spec.secretStoreRef.kind")]
[PrinterColumn("Store", ".spec.secretStoreRef.name")]
[PrinterColumn("Refresh Interval", ".spec.refreshInterval")]
[PrinterColumn("Status", PrinterColumnAttribute.ReadyReason)]
[PrinterColumn("Ready", PrinterColumnAttribute.Ready)]
[PrinterColumn("Last Sync", ".status.refreshTime", Type = "date")]
public sealed record ExternalSecret
{
    public const string ExternalSecretKind = "ExternalSecret";
    public const string Plural = "externalsecrets";

    public string? Kind { get; init; } = ExternalSecretKind;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GroupV1;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ExternalSecretSpec Spec { get; init => field = value ?? new(); } = new();
    public ExternalSecretStatus? Status { get; init; }

    /// <summary>Name of the Secret (or other object) that is written: the ExternalSecret's own, unless it says another.</summary>
    [JsonIgnore]
    public string TargetName => Spec.Target is { Name: { Length: > 0 } name } ? name : Metadata.Name ?? "";
}
