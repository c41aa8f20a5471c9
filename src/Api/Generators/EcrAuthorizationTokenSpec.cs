using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A login for AWS Elastic Container Registry.</summary>
[GeneratorKind(GeneratorKinds.EcrAuthorizationToken)]
public sealed record EcrAuthorizationTokenSpec
{
    public AwsAuth? Auth { get; init; }
    public required string Region { get; init; }
    public string? Role { get; init; }
    public string? Scope { get; init; }
}
