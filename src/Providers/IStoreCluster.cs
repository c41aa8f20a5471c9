namespace GitOpsSecrets.Providers;

/// <summary>
/// What a provider may read of the cluster for one store: the Secrets, ConfigMaps and service accounts that the store's options name. The
/// namespace rules hold here: a SecretStore reads its own namespace only, whatever the selector says; a cluster store reads the namespace that
/// the selector names, and, where it names none, that of whoever uses the store. Everything read is remembered, so that a change of it reopens the store.
/// </summary>
public interface IStoreCluster
{
    /// <summary>The namespace that a selector without one means; null when a cluster store is looked at by itself, on nobody's behalf.</summary>
    string? CallerNamespace { get; }

    /// <summary>One key of a Secret; the caller's to zero.</summary>
    /// <exception cref="ProviderException">No such Secret or key, or it may not be read from here.</exception>
    Task<byte[]> ReadSecretKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken);

    /// <summary>All of a Secret, with its labels; the caller's to dispose.</summary>
    /// <exception cref="ProviderException">No such Secret, or it may not be read from here.</exception>
    Task<ClusterSecret> ReadSecretAsync(string? @namespace, string name, CancellationToken cancellationToken);

    /// <summary>One key of a ConfigMap.</summary>
    /// <exception cref="ProviderException">No such ConfigMap or key, or it may not be read from here.</exception>
    Task<string> ReadConfigMapKeyAsync(string? @namespace, string name, string key, CancellationToken cancellationToken);

    /// <summary>The annotations of a service account, where clouds put what it may be.</summary>
    /// <exception cref="ProviderException">No such service account, or it may not be read from here.</exception>
    Task<IReadOnlyDictionary<string, string>> ReadServiceAccountAnnotationsAsync(string? @namespace, string name, CancellationToken cancellationToken);

    /// <summary>A token of a service account from the TokenRequest API. No audiences asks for the API server's own.</summary>
    /// <exception cref="ProviderException">No such service account, or no token for it from here.</exception>
    Task<ServiceAccountToken> RequestTokenAsync(string? @namespace, string serviceAccount, IReadOnlyList<string> audiences, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>The controller's own service account token, as its pod has it: for stores that trust the controller itself.</summary>
    /// <exception cref="ProviderException">The controller runs outside a cluster.</exception>
    Task<ServiceAccountToken> ReadControllerTokenAsync(CancellationToken cancellationToken);
}
