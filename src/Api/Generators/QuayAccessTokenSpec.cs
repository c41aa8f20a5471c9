using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A token for Quay.</summary>
[GeneratorKind(GeneratorKinds.QuayAccessToken)]
public sealed record QuayAccessTokenSpec
{
    public required string RobotAccount { get; init; }
    public required ServiceAccountSelector ServiceAccountRef { get; init; }
    public string? Url { get; init; }
}
