namespace GitOpsSecrets.Providers;

/// <summary>A source whose store answers for several secrets in one call.</summary>
public interface IBatchFetch : ISecretSource
{
    /// <summary>The most requests that one call takes.</summary>
    int BatchSize { get; }

    /// <summary>
    /// An outcome for each of the requests, which are distinct and at most <see cref="BatchSize"/>. One secret that is denied does not fail the others.
    /// </summary>
    /// <exception cref="ProviderException">The call failed as a whole.</exception>
    Task<IReadOnlyDictionary<RemoteRequest, FetchOutcome>> FetchManyAsync(IReadOnlyCollection<RemoteRequest> requests, CancellationToken cancellationToken);
}
