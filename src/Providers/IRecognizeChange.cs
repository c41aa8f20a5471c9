namespace GitOpsSecrets.Providers;

/// <summary>A provider whose keys have several spellings, or whose stores are only a part of what its service tells of.</summary>
public interface IRecognizeChange : IProvider
{
    /// <summary>How references to the changed secret look in this store, without a call to anywhere.</summary>
    /// <returns>null when the secret is not in this store.</returns>
    /// <exception cref="ProviderException">The options of the store are not what they must be.</exception>
    ChangedSecret? Recognize(StoreDescription store, RemoteChange change);
}
