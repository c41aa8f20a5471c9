namespace GitOpsSecrets.Providers;

/// <summary><c>spec.retrySettings</c> of a store.</summary>
/// <param name="MaxRetries">How often a call is repeated; null leaves it to the provider.</param>
/// <param name="Interval">The fixed wait between attempts; null leaves it to the provider.</param>
public sealed record RetrySettings(int? MaxRetries, TimeSpan? Interval);
