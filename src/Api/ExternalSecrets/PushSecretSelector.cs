using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets;

/// <summary>What is pushed: a Secret, all that match, or what a generator makes.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed record PushSecretSelector
{
    public PushSecretSource? Secret { get; init; }
    public GeneratorRef? GeneratorRef { get; init; }
}
