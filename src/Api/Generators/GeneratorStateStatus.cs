using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Api.Generators;

/// <summary>How cleaning up went.</summary>
public sealed record GeneratorStateStatus
{
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
