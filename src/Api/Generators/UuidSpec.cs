namespace GitOpsSecrets.Api.Generators;

/// <summary>A random UUID.</summary>
public sealed record UuidSpec;
