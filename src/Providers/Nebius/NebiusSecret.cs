using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Nebius;

/// <summary>The entries of a secret, each a text or bytes. As in the original a property that is not there is a missing secret: the service itself says so of both.</summary>
/// <param name="key">For messages.</param>
/// <param name="entries">Taken over.</param>
/// <param name="binary">The keys of those that are bytes.</param>
internal sealed class NebiusSecret(string key, SecretValues entries, IReadOnlySet<string> binary) : RemoteSecret
{
    private const int TextField = 12;
    private const int BytesField = 13;

    public override long Size => entries.Entries.Sum(entry => (long)entry.Value.Length);

    /// <param name="payloads">The messages of the entries: their key, and a text or bytes.</param>
    /// <exception cref="ProviderException">One is of another form.</exception>
    public static NebiusSecret Of(string key, IEnumerable<ReadOnlyMemory<byte>> payloads)
    {
        var (entries, binary) = (new SecretValues(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var payload in payloads)
        {
            if (ProtoMessage.Read(payload) is not { } entry || entry.Has(TextField) == entry.Has(BytesField))
            {
                entries.Dispose();
                throw new ProviderException(ProviderFailureKind.Invalid, $"secret {key} of Nebius MysteryBox has an entry that is neither text nor bytes");
            }

            var name = entry.Text(1);
            if (entry.Has(BytesField)) binary.Add(name);
            entries.Set(name, entry.Bytes(entry.Has(BytesField) ? BytesField : TextField).ToArray());
        }

        return new NebiusSecret(key, entries, binary);
    }

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        if (!string.IsNullOrEmpty(property)) return entries.Find(property) is { } value ? [.. value] : null;
        using var text = new SecretBuffer();
        // Bytes are base64 within JSON.
        JsonObjectText.Write(entries.Entries.Select(entry => KeyValuePair.Create(entry.Key, (ReadOnlyMemory<byte>)(binary.Contains(entry.Key) ? Encoding.ASCII.GetBytes(Convert.ToBase64String(entry.Value)) : entry.Value))), text);
        return text.ToArray();
    }

    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        if (!string.IsNullOrEmpty(property))
        {
            if (Value(property) is not { } text) return null;
            var members = JsonObjectText.Read(text);
            CryptographicOperations.ZeroMemory(text);
            return members ?? throw new ProviderException(ProviderFailureKind.Invalid, $"unable to unmarshal secret {key}, property {property}: it is not a JSON object");
        }

        var values = new SecretValues();
        foreach (var (name, value) in entries.Entries) values.Set(name, [.. value]);
        return values;
    }

    public override string ToString() => $"{key}: {entries}";

    protected override void Dispose(bool disposing) => entries.Dispose();
}
