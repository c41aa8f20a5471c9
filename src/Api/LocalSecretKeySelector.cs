using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

/// <summary>An item of a Secret of the same namespace.</summary>
public sealed record LocalSecretKeySelector
{
    [ObjectName]
    public string? Name { get; init; }

    [ItemKey]
    public string? Key { get; init; }
}
