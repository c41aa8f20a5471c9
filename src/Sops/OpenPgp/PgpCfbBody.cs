using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>
/// Packet 18, version 1: CFB with a zero IV over a random block whose last two bytes are repeated, the packets, and a SHA-1 over all before it.
/// The repetition is not looked at: it was an oracle (Mister and Zuccherato), and the hash covers it.
/// </summary>
internal static class PgpCfbBody
{
    private const int HashSize = 20;

    /// <returns>The packets inside; null when the body is cut or was changed.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> body, PgpSessionKey sessionKey)
    {
        if (body.Length < 1 || body[0] != 1) return null;
        var plain = Decrypt(body[1..], sessionKey, out var blockSize);
        try
        {
            var prefix = blockSize + 2;
            var hashed = plain.Length - HashSize;
            // 0xD3 0x14: the header of the packet that holds the hash.
            if (hashed < prefix + 2 || plain[hashed - 2] != 0xD3 || plain[hashed - 1] != HashSize) return null;
#pragma warning disable CA5350 // The format's hash. Under encryption a collision is of no use, and there is no other in this packet.
            var hash = SHA1.HashData(plain.AsSpan(0, hashed));
#pragma warning restore CA5350
            return CryptographicOperations.FixedTimeEquals(hash, plain.AsSpan(hashed)) ? plain[prefix..(hashed - 2)] : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Decrypt(ReadOnlySpan<byte> ciphertext, PgpSessionKey sessionKey, out int blockSize)
    {
        var cipher = PgpSymmetric.CreateEncryptor(sessionKey.Algorithm, sessionKey.Key);
        blockSize = cipher.GetBlockSize();
        var feedback = new byte[blockSize];
        var mask = new byte[blockSize];
        var plain = new byte[ciphertext.Length];
        for (var start = 0; start < plain.Length; start += blockSize)
        {
            cipher.ProcessBlock(feedback, 0, mask, 0);
            var size = Math.Min(blockSize, plain.Length - start);
            for (var i = 0; i < size; i++)
            {
                feedback[i] = ciphertext[start + i];
                plain[start + i] = (byte)(ciphertext[start + i] ^ mask[i]);
            }
        }
        return plain;
    }
}
