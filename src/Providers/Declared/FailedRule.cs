namespace GitOpsSecrets.Providers.Declared;

/// <summary>How an answer of success says that it is a failure.</summary>
/// <param name="Sign">Where, and what must stand there.</param>
/// <param name="Says">What is told; null tells what stands there.</param>
internal sealed record FailedRule(MissingRule Sign, string? Says);
