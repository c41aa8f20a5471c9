using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>A record, with those of its files that were asked for.</summary>
/// <param name="key">For messages.</param>
/// <param name="json">The record; taken over.</param>
/// <param name="files">Their contents by their titles; taken over.</param>
internal sealed class KeeperSecret(string key, byte[] json, SecretValues files) : RemoteSecret
{
    public override long Size => json.Length + files.Entries.Sum(file => (long)file.Value.Length);

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        if (string.IsNullOrEmpty(property)) return KeeperFields.Whole(json, files);
        return KeeperFields.Find(json, property) ?? (files.Find(property) is { } content ? [.. content] : throw new ProviderException(ProviderFailureKind.Invalid, $"record {key} has no field or file {property}"));
    }

    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        SecretValues values;
        if (string.IsNullOrEmpty(property))
        {
            values = KeeperFields.All(json);
            foreach (var (title, content) in files.Entries) values.Set(title, [.. content]);
            if (values.Count == 0) throw new ProviderException(ProviderFailureKind.Invalid, $"record {key} has no fields and no files");
            return values;
        }

        values = new SecretValues();
        values.Set(property, Value(property)!);
        return values;
    }

    public override string ToString() => $"{key}: {json.Length} bytes";

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(json);
        files.Dispose();
    }
}
