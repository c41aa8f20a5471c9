namespace GitOpsSecrets.Providers;

/// <summary>All that a provider gets to open a store.</summary>
/// <param name="Store">The store as written.</param>
/// <param name="Cluster">Credentials, certificates and tokens that the store's options name.</param>
/// <param name="Http">Where HTTP clients come from: timeouts, retries, proxies and certificate checks are settled there.</param>
/// <param name="Calls">Counts the calls to the store.</param>
/// <param name="Retry"><c>spec.retrySettings</c>; null when absent.</param>
/// <param name="Time">The clock that tokens are aged by.</param>
public sealed record StoreContext(
    StoreDescription Store,
    IStoreCluster Cluster,
    IProviderHttp Http,
    ICallObserver Calls,
    RetrySettings? Retry,
    TimeProvider Time);
