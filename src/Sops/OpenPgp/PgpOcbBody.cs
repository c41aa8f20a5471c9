using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>
/// Packet 20, which GnuPG 2.3 and later write for keys that announce it (LibrePGP, not RFC 9580):
/// <code>
/// 01  cipher  02 (OCB)  c  IV 15     then chunks of 2^(c+6) bytes, each with a 16-byte tag, then one tag alone
/// nonce of chunk i = IV with i XORed into its last 8 bytes, big endian
/// associated data  = D4 01 cipher 02 c ‖ i as 8 bytes; for the last tag, i = number of chunks, and the total plaintext length as 8 bytes
/// </code>
/// </summary>
internal static class PgpOcbBody
{
    private const int HeaderSize = 4;
    private const int IvSize = 15;
    private const int TagSize = 16;
    private const int MaxChunkExponent = 56;

    /// <returns>The packets inside; null when the body is cut, was changed, or uses another mode or cipher.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> body, PgpSessionKey sessionKey)
    {
        if (body.Length < HeaderSize + IvSize + TagSize) return null;
        var header = body[..HeaderSize].ToArray();
        if (header is not [1, >= 7 and <= PgpSymmetric.Aes256, 2, <= MaxChunkExponent] || header[1] != sessionKey.Algorithm) return null;
        var iv = body.Slice(HeaderSize, IvSize).ToArray();
        var rest = body[(HeaderSize + IvSize)..^TagSize];
        var chunkSize = 1L << (header[3] + 6);
        var plain = new byte[rest.Length];
        var length = 0;
        long index = 0;
        for (; !rest.IsEmpty; index++)
        {
            var size = (int)Math.Min(rest.Length, chunkSize + TagSize);
            if (OpenChunk(rest[..size], sessionKey.Key, iv, header, index, total: null) is not { } chunk) return Refuse(plain);
            chunk.CopyTo(plain, length);
            length += chunk.Length;
            CryptographicOperations.ZeroMemory(chunk);
            rest = rest[size..];
        }
        if (OpenChunk(body[^TagSize..], sessionKey.Key, iv, header, index, total: length) is null) return Refuse(plain);
        var result = plain[..length];
        CryptographicOperations.ZeroMemory(plain);
        return result;
    }

    private static byte[]? OpenChunk(ReadOnlySpan<byte> chunk, byte[] key, byte[] iv, byte[] header, long index, long? total)
    {
        if (chunk.Length < TagSize) return null;
        var number = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, index);
        var nonce = (byte[])iv.Clone();
        for (var i = 0; i < number.Length; i++) nonce[IvSize - number.Length + i] ^= number[i];
        byte[] associated = [0xD4, .. header, .. number];
        if (total is { } length)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, length);
            associated = [.. associated, .. number];
        }
        var cipher = new OcbBlockCipher(new AesEngine(), new AesEngine());
        cipher.Init(false, new AeadParameters(new KeyParameter(key), TagSize * 8, nonce, associated));
        var plain = new byte[chunk.Length - TagSize];
        try
        {
            var output = new byte[cipher.GetOutputSize(chunk.Length)];
            var written = cipher.ProcessBytes(chunk.ToArray(), 0, chunk.Length, output, 0);
            cipher.DoFinal(output, written);
            output.AsSpan(0, plain.Length).CopyTo(plain);
            CryptographicOperations.ZeroMemory(output);
            return plain;
        }
        catch (InvalidCipherTextException)
        {
            return null;
        }
    }

    private static byte[]? Refuse(byte[] plain)
    {
        CryptographicOperations.ZeroMemory(plain);
        return null;
    }
}
