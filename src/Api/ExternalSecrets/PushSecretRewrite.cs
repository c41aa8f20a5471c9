using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>One change of the keys; exactly one of its fields is set.</summary>
[Rule("(has(self.regexp) && !has(self.transform)) || (!has(self.regexp) && has(self.transform))", "exactly one of regexp or transform must be set")]
public sealed record PushSecretRewrite
{
    public RewriteRegexp? Regexp { get; init; }
    public RewriteTransform? Transform { get; init; }
}
