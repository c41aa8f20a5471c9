using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Generators;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A generator of the same namespace, or a ClusterGenerator.</summary>
public sealed record GeneratorRef
{
    /// <summary>generators.external-secrets.io/v1alpha1 by default.</summary>
    [Schema(Nullable = true)]
    public string? ApiVersion { get; init; }

    [Values(
        GeneratorKinds.AcrAccessToken, GeneratorKinds.BeyondtrustWorkloadCredentialsDynamicSecret, GeneratorKinds.ClusterGenerator,
        GeneratorKinds.CloudsmithAccessToken, GeneratorKinds.EcrAuthorizationToken, GeneratorKinds.Fake, GeneratorKinds.GcrAccessToken,
        GeneratorKinds.GithubAccessToken, GeneratorKinds.GitlabDeployToken, GeneratorKinds.QuayAccessToken, GeneratorKinds.Password,
        GeneratorKinds.SshKey, GeneratorKinds.StsSessionToken, GeneratorKinds.Uuid, GeneratorKinds.VaultDynamicSecret,
        GeneratorKinds.Webhook, GeneratorKinds.Grafana, GeneratorKinds.Mfa)]
    public required string Kind { get; init; }

    [ObjectName]
    public required string Name { get; init; }

    [JsonIgnore]
    public string EffectiveApiVersion => string.IsNullOrEmpty(ApiVersion) ? ExternalSecretNames.GeneratorGroupVersion : ApiVersion;
}
