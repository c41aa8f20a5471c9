namespace GitOpsSecrets.Providers.Values;

/// <summary>
/// The values of an ExternalSecret could not be had. The message goes into its condition: it names entries, keys and stores, and never holds a value.
/// </summary>
public sealed class ValuesException(string message, ProviderFailureKind kind = ProviderFailureKind.Invalid, TimeSpan? retryAfter = null) : Exception(message)
{
    public ProviderFailureKind Kind { get; } = kind;

    /// <summary>How long the store asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The same failure, with where it happened before its words.</summary>
    public ValuesException At(string place) => new(place + Message, Kind, RetryAfter);
}
