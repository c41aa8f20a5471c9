using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>A message's cipher and its random key. Zeroed on disposal.</summary>
internal sealed class PgpSessionKey : IDisposable
{
    private PgpSessionKey(int algorithm, byte[] key)
    {
        Algorithm = algorithm;
        Key = key;
    }

    public int Algorithm { get; }

    public byte[] Key { get; }

    /// <param name="encoded">Cipher number, key, sum of the key's bytes modulo 65536.</param>
    /// <returns>Null when it is not that.</returns>
    public static PgpSessionKey? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < 3) return null;
        var size = PgpSymmetric.KeySize(encoded[0]);
        if (size == 0 || encoded.Length != size + 3) return null;
        var key = encoded.Slice(1, size);
        var sum = 0;
        foreach (var value in key) sum = (sum + value) & 0xFFFF;
        return sum == ((encoded[^2] << 8) | encoded[^1]) ? new PgpSessionKey(encoded[0], key.ToArray()) : null;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Key);

    public override string ToString() => nameof(PgpSessionKey);
}
