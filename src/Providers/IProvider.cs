namespace GitOpsSecrets.Providers;

/// <summary>
/// A kind of secret store: one line in <see cref="ProviderCatalog"/>, named by the member of a store's <c>spec.provider</c> that holds its options.
/// Stateless: what lives across calls (connections, tokens) belongs to the source that <see cref="OpenAsync"/> gives.
/// </summary>
public interface IProvider
{
    /// <summary>The member of <c>spec.provider</c>, such as <c>aws</c> or <c>kubernetes</c>.</summary>
    string Name { get; }

    StoreCapability Capability { get; }

    /// <summary>What a store can do, where that is not the same for all of this kind.</summary>
    StoreCapability CapabilityOf(StoreDescription store) => Capability;

    /// <summary>Whether a store of this kind deserves the warning that nobody maintains it.</summary>
    bool IsMaintained => true;

    /// <summary>Whether <c>spec.retrySettings</c> count.</summary>
    bool Repeats => true;

    /// <summary>Paths of fields of the store that others of its fields leave without effect, such as all ways to log in but the one that is gone; of a store that has nothing wrong with it.</summary>
    IEnumerable<string> Unused(StoreDescription store) => [];

    /// <summary>What is wrong with the store as written, in words for its author, without a call to anywhere; empty when nothing is.</summary>
    IReadOnlyList<string> Check(StoreDescription store);

    /// <summary>
    /// Reads the options and the credentials that they name, and gives the source that speaks to the store. It may log in, now or at its first call.
    /// Every Secret, ConfigMap and token must be asked of <see cref="StoreContext.Cluster"/>: what was read there decides for whom, and for how
    /// long, the source may be used again.
    /// </summary>
    /// <exception cref="ProviderException">The options or the credentials are wrong, or the store cannot be reached.</exception>
    Task<ISecretSource> OpenAsync(StoreContext context, CancellationToken cancellationToken);
}
