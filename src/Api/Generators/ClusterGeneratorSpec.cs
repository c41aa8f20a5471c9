using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

public sealed record ClusterGeneratorSpec
{
    /// <summary>The kind of generator that the block is for.</summary>
    [Schema(Required = true)]
    [Values(
        GeneratorKinds.AcrAccessToken, GeneratorKinds.BeyondtrustWorkloadCredentialsDynamicSecret, GeneratorKinds.CloudsmithAccessToken,
        GeneratorKinds.EcrAuthorizationToken, GeneratorKinds.Fake, GeneratorKinds.GcrAccessToken, GeneratorKinds.GithubAccessToken,
        GeneratorKinds.GitlabDeployToken, GeneratorKinds.QuayAccessToken, GeneratorKinds.Password, GeneratorKinds.SshKey,
        GeneratorKinds.StsSessionToken, GeneratorKinds.Uuid, GeneratorKinds.VaultDynamicSecret, GeneratorKinds.Webhook,
        GeneratorKinds.Grafana, GeneratorKinds.Mfa)]
    public string? Kind { get; init; }

    /// <summary>Exactly one of the fields: that of the kind.</summary>
    [Schema(Required = true, Of = typeof(GeneratorSpecs))]
    public ProviderBlock? Generator { get; init; }
}
