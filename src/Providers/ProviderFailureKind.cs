namespace GitOpsSecrets.Providers;

/// <summary>Why a store failed: this, never a message, decides what happens next. That a secret is not there is a value, not a failure.</summary>
public enum ProviderFailureKind
{
    /// <summary>The request, the options or the answer make no sense: the same again will fail again.</summary>
    Invalid,

    /// <summary>The identity is unknown or may not do this.</summary>
    Denied,

    /// <summary>Too many calls: come back later, and not sooner than <see cref="ProviderException.RetryAfter"/>.</summary>
    Throttled,

    /// <summary>No answer, or one that says that the store itself is in trouble.</summary>
    Unavailable,

    /// <summary>Somebody else holds it: the value there was not written by us, or is being written right now.</summary>
    Conflict,
}
