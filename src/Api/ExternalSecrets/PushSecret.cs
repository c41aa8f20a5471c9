using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>Writes items of a Secret, or what a generator makes, to providers.</summary>
[CustomResource(ExternalSecretNames.Group, PushSecretKind, Plural, ShortName = "ps", Versions = [ExternalSecretNames.V1Alpha1])]
[PrinterColumn("AGE", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Status", PrinterColumnAttribute.ReadyReason)]
[PrinterColumn("Last Sync", ".status.refreshTime", Type = "date")]
public sealed record PushSecret
{
    public const string PushSecretKind = "PushSecret";
    public const string Plural = "pushsecrets";

    public string? Kind { get; init; } = PushSecretKind;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GroupV1Alpha1;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public PushSecretSpec Spec { get; init => field = value ?? new(); } = new();
    public PushSecretStatus? Status { get; init; }
}
