namespace GitOpsSecrets.Providers.Values;

/// <summary>One pass over one store: holds what it was given until it is disposed, so that nothing is zeroed under its reader.</summary>
public interface IStoreReading : IAsyncDisposable
{
    ISecretSource Source { get; }

    /// <summary>When the oldest of the answers was asked for; null before any.</summary>
    DateTimeOffset? Oldest { get; }

    /// <summary>Asks for all of these at once, where the store can. What goes wrong is told by <see cref="FetchAsync"/>.</summary>
    void Prepare(IEnumerable<RemoteRequest> requests);

    /// <returns>null when the store says that it is not there. Valid until this is disposed.</returns>
    /// <exception cref="ProviderException">The call failed.</exception>
    Task<RemoteSecret?> FetchAsync(RemoteRequest request, CancellationToken cancellationToken);

    /// <returns>null when there is nothing to search in. Valid until this is disposed.</returns>
    /// <exception cref="ProviderException">The search failed, or this store cannot search.</exception>
    Task<SecretValues?> FindAsync(FindRequest request, CancellationToken cancellationToken);
}
