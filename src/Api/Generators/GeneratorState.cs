using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>What a generator made at a provider and has to clean up some day. Written by the controller.</summary>
[CustomResource(ExternalSecretNames.GeneratorGroup, GeneratorStateKind, Plural, ShortName = "gs", StatusDoor = false,
    Versions = [ExternalSecretNames.V1Alpha1], Categories = ["external-secrets", "external-secrets-generators"])]
[PrinterColumn("GC Deadline", ".spec.garbageCollectionDeadline")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
public sealed record GeneratorState
{
    public const string GeneratorStateKind = "GeneratorState";
    public const string Plural = "generatorstates";

    public string? Kind { get; init; } = GeneratorStateKind;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GeneratorGroupVersion;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public GeneratorStateSpec Spec { get; init => field = value ?? new(); } = new();
    public GeneratorStateStatus? Status { get; init; }
}
