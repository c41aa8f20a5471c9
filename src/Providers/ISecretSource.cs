namespace GitOpsSecrets.Providers;

/// <summary>
/// One store, opened with one identity. Used by several callers at once, and for as long as the store and its credentials stay as they are;
/// it renews its own tokens. What else a store can do is said by the further interfaces its source has: <see cref="IBatchFetch"/>,
/// <see cref="IFind"/>, <see cref="IPush"/>, <see cref="IValidate"/>.
/// </summary>
public interface ISecretSource : IAsyncDisposable
{
    /// <summary>
    /// The part of a reference that the store's answer depends on. References with equal requests share one call, so whatever is looked up
    /// inside the answer (the property, for most stores) is left out.
    /// </summary>
    RemoteRequest RequestFor(RemoteReference reference);

    /// <summary>
    /// Fields of a reference that were given and say nothing to this store, by their names there. One that <see cref="RequestFor"/> leaves out need not be named:
    /// that is seen by itself.
    /// </summary>
    IEnumerable<string> Unused(RemoteReference reference) => [];

    /// <summary>One call for one remote secret; null when the store says that it is not there.</summary>
    /// <exception cref="ProviderException">Anything else that went wrong.</exception>
    Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken);
}
