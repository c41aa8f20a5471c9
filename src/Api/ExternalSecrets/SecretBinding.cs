using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>The Secret that was written.</summary>
[Schema(Atomic = true)]
public sealed record SecretBinding
{
    [Schema(Nullable = true)]
    public string? Name { get; init; }
}
