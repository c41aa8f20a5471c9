using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>The kind of the object that is written instead of a Secret.</summary>
public sealed record TargetManifest
{
    [Schema(MinLength = 1)]
    public required string ApiVersion { get; init; }

    [Schema(MinLength = 1)]
    public required string Kind { get; init; }
}
