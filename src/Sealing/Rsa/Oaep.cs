using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>
/// EME-OAEP encoding with SHA-256 for hash and MGF1 (RFC 8017 §7.1.1 step 2). Encoding only: decoding is where padding oracles
/// live, and is left to OpenSSL and BouncyCastle.
/// <code>
///            ┌────────── DB ──────────────────────┐
///  00 │ seed │ lHash │ 00 … 00 │ 01 │ message     │     seed ^= MGF(DB), DB ^= MGF(seed)
///   1 │  32  │  32   │   PS    │  1 │             │
/// </code>
/// </summary>
internal static class Oaep
{
    private const int HashSize = Sha256.Size;

    /// <summary>Bytes of a block that are not the message.</summary>
    public const int Overhead = (2 * HashSize) + 2;

    /// <param name="message">At most <c>block.Length - 66</c> bytes.</param>
    /// <param name="label">OAEP label; may be empty.</param>
    /// <param name="block">As long as the modulus; overwritten whole.</param>
    public static void Encode(ReadOnlySpan<byte> message, ReadOnlySpan<byte> label, Span<byte> block)
    {
        Span<byte> seed = stackalloc byte[HashSize];
        FreshBytes.Fill(seed);
        Encode(message, label, seed, block);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>The same with a given seed, so that known answers can be compared.</summary>
    internal static void Encode(ReadOnlySpan<byte> message, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, Span<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, block.Length - Overhead, nameof(message));
        block.Clear();
        var maskedSeed = block.Slice(1, HashSize);
        var db = block[(1 + HashSize)..];
        Sha256.Hash(label, db);
        db[^(message.Length + 1)] = 1;
        message.CopyTo(db[^message.Length..]);
        seed.CopyTo(maskedSeed);
        Mask(seed, db);
        Mask(db, maskedSeed);
    }

    /// <summary>MGF1 (RFC 8017 §B.2.1): the target is combined with hash(source ‖ 0), hash(source ‖ 1), …</summary>
    private static void Mask(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var input = new byte[source.Length + 4];
        Span<byte> hash = stackalloc byte[HashSize];
        source.CopyTo(input);
        for (var counter = 0; target.Length > 0; counter++)
        {
            BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(source.Length), counter);
            Sha256.Hash(input, hash);
            var step = Math.Min(HashSize, target.Length);
            for (var i = 0; i < step; i++) target[i] ^= hash[i];
            target = target[step..];
        }
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(hash);
    }
}
