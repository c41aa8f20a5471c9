using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>What is shared with the application, or the part of it that was asked for. Zeroed on disposal.</summary>
/// <param name="Closed">What is the matter with the records that could not be opened, by their ids: none of the others' business.</param>
internal sealed record KeeperShare(IReadOnlyList<KeeperRecord> Records, IReadOnlyList<KeeperFolder> Folders, IReadOnlyDictionary<string, ProviderException> Closed) : IDisposable
{
    /// <summary>For whoever misses a record: it may be one of those.</summary>
    /// <exception cref="ProviderException">There are records that could not be opened.</exception>
    public void ThrowIfClosed()
    {
        foreach (var failure in Closed.Values) throw failure;
    }

    public void Dispose()
    {
        foreach (var record in Records) record.Dispose();
        foreach (var folder in Folders) CryptographicOperations.ZeroMemory(folder.Key);
    }

    public override string ToString() => $"{Records.Count} records";
}
