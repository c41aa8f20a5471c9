namespace GitOpsSecrets.Providers;

/// <summary>
/// A store could not do what it was asked. The message goes into conditions and events, which tenants read: it names keys, fields and the
/// store's own reason, and never holds a value, a credential or a body that was not understood.
/// </summary>
public sealed class ProviderException(ProviderFailureKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ProviderFailureKind Kind { get; } = kind;

    /// <summary>How long the store asks to be left alone, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
