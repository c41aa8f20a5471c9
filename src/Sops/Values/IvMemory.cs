using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Sops.Values;

/// <summary>
/// Remembers which IV a value was sealed with, so that a value that did not change is written with the same bytes and a diff shows what did.
/// Plaintexts are kept as HMACs under the data key alone. Equal items of a list (they share a path) get their IVs back in order.
/// </summary>
internal sealed class IvMemory(DataKey key)
{
    private readonly Dictionary<string, Queue<byte[]>> _ivs = new(StringComparer.Ordinal);

    public void Remember(string path, ReadOnlySpan<byte> plain, byte[] iv)
    {
        var fingerprint = Fingerprint(path, plain);
        if (!_ivs.TryGetValue(fingerprint, out var queue)) _ivs[fingerprint] = queue = new Queue<byte[]>();
        queue.Enqueue(iv);
    }

    /// <returns>The IV of the same value at the same path, each given out once, or a new random one.</returns>
    public byte[] Recall(string path, ReadOnlySpan<byte> plain) =>
        _ivs.TryGetValue(Fingerprint(path, plain), out var queue) && queue.TryDequeue(out var iv) ? iv : RandomNumberGenerator.GetBytes(SealedValue.IvSize);

    /// <summary>A memory to give IVs out from, while this one stays complete.</summary>
    public IvMemory Copy()
    {
        var copy = new IvMemory(key);
        foreach (var (fingerprint, queue) in _ivs) copy._ivs.Add(fingerprint, new Queue<byte[]>(queue));
        return copy;
    }

    public override string ToString() => nameof(IvMemory);

    private string Fingerprint(string path, ReadOnlySpan<byte> plain)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Bytes);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
        hash.AppendData(plain);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
