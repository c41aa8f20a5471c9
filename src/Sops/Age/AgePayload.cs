using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// STREAM over ChaCha20-Poly1305: a 16-byte nonce from which the key is derived, then chunks of 64 KiB plus tag.
/// A chunk's nonce is its number (11 bytes, big endian) and one byte that is 1 on the last chunk alone, so that chunks can be neither
/// reordered nor dropped, and the end cannot be moved. The last chunk may be short, and empty only if it is the first.
/// </summary>
internal static class AgePayload
{
    public const int NonceSize = 16;
    private const int ChunkSize = 64 * 1024;
    private const int TagSize = 16;

    /// <summary>Decrypts to <paramref name="output"/> chunk by chunk: on failure it holds what was authentic before the bad chunk.</summary>
    /// <exception cref="AgeException">Payload.</exception>
    public static void Decrypt(ReadOnlySpan<byte> payload, AgeFileKey fileKey, Stream output)
    {
        if (payload.Length < NonceSize) throw AgeHeader.Malformed("the nonce that follows it is cut");
        using var cipher = CreateCipher(payload[..NonceSize], fileKey);
        var rest = payload[NonceSize..];
        var chunk = new byte[ChunkSize];
        try
        {
            for (long index = 0; ; index++)
            {
                var size = Math.Min(rest.Length, ChunkSize + TagSize);
                if (size < TagSize || (size == TagSize && index > 0)) throw new AgeException(AgeFailure.Payload, "age payload: the last chunk is missing, cut or empty");
                var sealedChunk = rest[..size];
                rest = rest[size..];
                var plain = chunk.AsSpan(0, size - TagSize);
                // A full chunk may be a middle or the last one whatever follows it; what it says decides, then the end must agree.
                var isMiddle = size == ChunkSize + TagSize && TryOpen(cipher, index, isLast: false, sealedChunk, plain);
                if (!isMiddle && !TryOpen(cipher, index, isLast: true, sealedChunk, plain)) throw new AgeException(AgeFailure.Payload, $"age payload: chunk {index} is not authentic");
                output.Write(plain);
                if (isMiddle) continue;
                if (!rest.IsEmpty) throw new AgeException(AgeFailure.Payload, "age payload: something follows the last chunk");
                return;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chunk);
        }
    }

    /// <param name="plaintext">Any length.</param>
    /// <param name="fileKey">The file's key.</param>
    /// <param name="nonce">16 bytes, never used before with this file key.</param>
    /// <returns>Nonce and chunks.</returns>
    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, AgeFileKey fileKey, ReadOnlySpan<byte> nonce)
    {
        var chunks = Math.Max(1, (plaintext.Length + ChunkSize - 1) / ChunkSize);
        var result = new byte[NonceSize + plaintext.Length + (chunks * TagSize)];
        nonce.CopyTo(result);
        using var cipher = CreateCipher(nonce, fileKey);
        Span<byte> chunkNonce = stackalloc byte[12];
        var target = result.AsSpan(NonceSize);
        for (var index = 0; index < chunks; index++)
        {
            var plain = plaintext.Slice(index * ChunkSize, Math.Min(ChunkSize, plaintext.Length - (index * ChunkSize)));
            SetNonce(chunkNonce, index, isLast: index == chunks - 1);
            cipher.Encrypt(chunkNonce, plain, target[..plain.Length], target.Slice(plain.Length, TagSize));
            target = target[(plain.Length + TagSize)..];
        }
        return result;
    }

    private static bool TryOpen(ChaCha20Poly1305 cipher, long index, bool isLast, ReadOnlySpan<byte> sealedChunk, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[12];
        SetNonce(nonce, index, isLast);
        try
        {
            cipher.Decrypt(nonce, sealedChunk[..plain.Length], sealedChunk[plain.Length..], plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static ChaCha20Poly1305 CreateCipher(ReadOnlySpan<byte> nonce, AgeFileKey fileKey)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey.Bytes, key, nonce, "payload"u8);
        try
        {
            return new ChaCha20Poly1305(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void SetNonce(Span<byte> nonce, long index, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..11], index);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}
