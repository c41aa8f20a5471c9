using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>A Secret of the same namespace, by name or by labels.</summary>
public sealed record PushSecretSource
{
    [ObjectName]
    public string? Name { get; init; }

    public LabelSelector? Selector { get; init; }
}
