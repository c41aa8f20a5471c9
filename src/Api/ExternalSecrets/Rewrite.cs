using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>One change of the keys; exactly one of its fields is set.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record Rewrite
{
    public RewriteRegexp? Regexp { get; init; }
    public RewriteTransform? Transform { get; init; }
    public RewriteMerge? Merge { get; init; }
}
