using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api;

public sealed record LabelSelectorRequirement
{
    public required string Key { get; init; }

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    public required string Operator { get; init; }

    [Schema(Atomic = true)]
    public IReadOnlyList<string>? Values { get; init; }
}
