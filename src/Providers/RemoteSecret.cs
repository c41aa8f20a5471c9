namespace GitOpsSecrets.Providers;

/// <summary>
/// A store's answer, and how values are found in it: pure, so that one answer serves every reference to it. Read by several callers at once;
/// its owner disposes it, which zeroes it. What is taken out is a copy of the taker's own.
/// </summary>
public abstract class RemoteSecret : IDisposable
{
    private volatile bool isDisposed;

    /// <summary>The bytes for one <c>data</c> entry: a property, or the whole (null).</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the answer has no such property, or is not of the form it needs.</exception>
    /// <returns>The caller's to zero; null where this store takes a missing property for a missing secret.</returns>
    public abstract byte[]? Value(string? property);

    /// <summary>The keys and values for <c>dataFrom.extract</c>.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the answer holds no keys and values.</exception>
    /// <returns>The caller's to dispose; null where this store takes a missing property for a missing secret.</returns>
    public abstract SecretValues? Values(string? property);

    /// <summary>Bytes held, for whoever bounds a cache.</summary>
    public abstract long Size { get; }

    public void Dispose()
    {
        isDisposed = true;
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>To be asked before anything is taken out: zeroes in place of a value would be written into somebody's Secret.</summary>
    protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(isDisposed, this);
}
