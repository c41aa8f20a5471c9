using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A token for Cloudsmith.</summary>
[GeneratorKind(GeneratorKinds.CloudsmithAccessToken)]
public sealed record CloudsmithAccessTokenSpec
{
    public string? ApiUrl { get; init; }
    public required string OrgSlug { get; init; }
    public required ServiceAccountSelector ServiceAccountRef { get; init; }
    public required string ServiceSlug { get; init; }
}
