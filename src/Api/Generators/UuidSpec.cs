using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A random UUID.</summary>
[GeneratorKind(GeneratorKinds.Uuid)]
public sealed record UuidSpec;
