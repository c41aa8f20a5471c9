using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A generator for all namespaces; it works in the namespace of whoever uses it.</summary>
[CustomResource(ExternalSecretNames.GeneratorGroup, GeneratorKinds.ClusterGenerator, Plural, Cluster = true,
    Versions = [ExternalSecretNames.V1Alpha1], Categories = ["external-secrets", "external-secrets-generators"])]
public sealed record ClusterGenerator
{
    public const string Plural = "clustergenerators";

    public string? Kind { get; init; } = GeneratorKinds.ClusterGenerator;
    public string? ApiVersion { get; init; } = ExternalSecretNames.GeneratorGroupVersion;

    /// <summary>Never <c>null</c>, also when the text has none: a source-generated reader assigns what is missing as null.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ClusterGeneratorSpec Spec { get; init => field = value ?? new(); } = new();
}
