using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>The generator: exactly one of the fields. Only for definitions (CRDs); what is read is a <see cref="ExternalSecrets.ProviderBlock"/>.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record GeneratorSpecs
{
    public AcrAccessTokenSpec? AcrAccessTokenSpec { get; init; }
    public BeyondtrustWorkloadCredentialsDynamicSecretSpec? BeyondtrustWorkloadCredentialsDynamicSecretSpec { get; init; }
    public CloudsmithAccessTokenSpec? CloudsmithAccessTokenSpec { get; init; }
    public EcrAuthorizationTokenSpec? EcrAuthorizationTokenSpec { get; init; }
    public FakeSpec? FakeSpec { get; init; }
    public GcrAccessTokenSpec? GcrAccessTokenSpec { get; init; }
    public GithubAccessTokenSpec? GithubAccessTokenSpec { get; init; }
    public GitlabDeployTokenSpec? GitlabDeployTokenSpec { get; init; }
    public GrafanaSpec? GrafanaSpec { get; init; }
    public MfaSpec? MfaSpec { get; init; }
    public PasswordSpec? PasswordSpec { get; init; }
    public QuayAccessTokenSpec? QuayAccessTokenSpec { get; init; }
    public SshKeySpec? SshKeySpec { get; init; }
    public StsSessionTokenSpec? StsSessionTokenSpec { get; init; }
    public UuidSpec? UuidSpec { get; init; }
    public VaultDynamicSecretSpec? VaultDynamicSecretSpec { get; init; }
    public WebhookSpec? WebhookSpec { get; init; }
}
