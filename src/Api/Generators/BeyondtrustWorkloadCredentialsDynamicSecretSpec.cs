using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>Temporary AWS credentials from BeyondTrust Workload Credentials.</summary>
[GeneratorKind(GeneratorKinds.BeyondtrustWorkloadCredentialsDynamicSecret)]
public sealed record BeyondtrustWorkloadCredentialsDynamicSecretSpec
{
    public string? Controller { get; init; }
    public required BeyondtrustWorkloadCredentialsStore Provider { get; init; }
    public RetrySettings? RetrySettings { get; init; }
}
