using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>A record that was opened. Zeroed on disposal.</summary>
/// <param name="Key">Seals what it is changed to.</param>
/// <param name="Json"><c>{"title", "type", "fields": [{"type", "label", "value": […]}], "custom": […], …}</c></param>
internal sealed record KeeperRecord(string Uid, long Revision, byte[] Key, byte[] Json, IReadOnlyList<KeeperFile> Files) : IDisposable
{
    public string Title { get; } = KeeperFields.TextOf(Json, "title");

    public string Type { get; } = KeeperFields.TextOf(Json, "type");

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Key);
        CryptographicOperations.ZeroMemory(Json);
        foreach (var file in Files) CryptographicOperations.ZeroMemory(file.Key);
    }

    public override string ToString() => Uid;
}
