using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>What is shared with the application, or the part of it that was asked for. Zeroed on disposal.</summary>
internal sealed record KeeperShare(IReadOnlyList<KeeperRecord> Records, IReadOnlyList<KeeperFolder> Folders) : IDisposable
{
    public void Dispose()
    {
        foreach (var record in Records) record.Dispose();
        foreach (var folder in Folders) CryptographicOperations.ZeroMemory(folder.Key);
    }

    public override string ToString() => $"{Records.Count} records";
}
