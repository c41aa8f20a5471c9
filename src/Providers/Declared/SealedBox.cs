using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// libsodium's sealed box (crypto_box_seal): for the holder of a key, from nobody. A key pair is made for one message; its public half comes first,
/// then X25519, HSalsa20, XSalsa20 and Poly1305 as in NaCl's crypto_box, with the BLAKE2b-192 of both public keys as the nonce.
/// <code>
/// 32 bytes  public key of this message
/// 16 bytes  Poly1305 over what follows
///  n bytes  the message, under XSalsa20
/// </code>
/// </summary>
internal static class SealedBox
{
    public const int KeySize = 32;
    private const int TagSize = 16;
    private const int NonceSize = 24;

    public static byte[] Seal(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> message)
    {
        var once = RandomNumberGenerator.GetBytes(KeySize);
        try
        {
            return Seal(recipient, message, once);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(once);
        }
    }

    /// <param name="once">The private key of this message, for tests; it must never be used twice.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the recipient's key is none.</exception>
    internal static byte[] Seal(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> message, byte[] once)
    {
        if (recipient.Length != KeySize) throw new ProviderException(ProviderFailureKind.Invalid, "the public key to encrypt for is no X25519 key");
        var theirs = recipient.ToArray();
        var box = new byte[KeySize + TagSize + message.Length];
        var key = new byte[KeySize];
        // XSalsa20's first 32 bytes are Poly1305's key, so the message starts behind them.
        var stream = new byte[KeySize + message.Length];
        try
        {
            X25519.ScalarMultBase(once, 0, box, 0);
            if (!X25519.CalculateAgreement(once, 0, theirs, 0, key, 0)) throw new ProviderException(ProviderFailureKind.Invalid, "the public key to encrypt for is a weak one");
            DeriveKey(key);
            message.CopyTo(stream.AsSpan(KeySize));
            var cipher = new XSalsa20Engine();
            cipher.Init(true, new ParametersWithIV(new KeyParameter(key), NonceOf(box.AsSpan(0, KeySize), theirs)));
            cipher.ProcessBytes(stream, 0, stream.Length, stream, 0);
            stream.AsSpan(KeySize).CopyTo(box.AsSpan(KeySize + TagSize));
            var mac = new Poly1305();
            mac.Init(new KeyParameter(stream, 0, KeySize));
            mac.BlockUpdate(box, KeySize + TagSize, message.Length);
            mac.DoFinal(box, KeySize);
            return box;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(stream);
        }
    }

    /// <summary>HSalsa20 of a shared point and sixteen zeros, in place: NaCl's crypto_box_beforenm.</summary>
    internal static void DeriveKey(Span<byte> key)
    {
        Span<uint> x = stackalloc uint[16];
        (x[0], x[5], x[10], x[15]) = (0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
        for (var i = 0; i < 4; i++)
        {
            x[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
            x[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + (4 * i))..]);
        }

        for (var round = 0; round < 20; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }

        ReadOnlySpan<int> taken = [0, 5, 10, 15, 6, 7, 8, 9];
        for (var i = 0; i < taken.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(key[(4 * i)..], x[taken[i]]);
        x.Clear();
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        unchecked
        {
            x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
            x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
            x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
            x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
        }
    }

    private static byte[] NonceOf(ReadOnlySpan<byte> once, ReadOnlySpan<byte> recipient)
    {
        var digest = new Blake2bDigest(NonceSize * 8);
        digest.BlockUpdate(once);
        digest.BlockUpdate(recipient);
        var nonce = new byte[NonceSize];
        digest.DoFinal(nonce, 0);
        return nonce;
    }
}
