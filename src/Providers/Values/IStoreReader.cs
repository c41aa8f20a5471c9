using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Providers.Values;

/// <summary>Knows the stores, and whether they may be used from a namespace.</summary>
public interface IStoreReader
{
    /// <summary>One store, opened for one pass over one object; dispose it when the values are taken out.</summary>
    /// <exception cref="ValuesException">The store cannot be used.</exception>
    Task<IStoreReading> OpenAsync(SecretStoreRef reference, string @namespace, FetchWindow window, CancellationToken cancellationToken);
}
