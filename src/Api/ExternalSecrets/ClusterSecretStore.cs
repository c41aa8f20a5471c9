using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A provider and how to log in there, for ExternalSecrets of all namespaces that its conditions admit.</summary>
[CustomResource(ExternalSecretNames.Group, ClusterSecretStoreKind, Plural, ShortName = "css", Cluster = true, Versions = [ExternalSecretNames.V1, ExternalSecretNames.V1Beta1])]
[PrinterColumn("AGE", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Status", PrinterColumnAttribute.ReadyReason)]
[PrinterColumn("Capabilities", ".status.capabilities")]
[PrinterColumn("Ready", PrinterColumnAttribute.Ready)]
public sealed record ClusterSecretStore
{
    public const string ClusterSecretStoreKind = "ClusterSecretStore";
    public const string Plural = "clustersecretstores";

    public string? Kind { get; init; } = ClusterSecretStoreKind;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GroupV1;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public SecretStoreSpec Spec { get; init => field = value ?? new(); } = new();
    public SecretStoreStatus? Status { get; init; }
}
