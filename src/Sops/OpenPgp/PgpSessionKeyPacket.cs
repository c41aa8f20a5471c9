using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>
/// A session key wrapped for one public key (packet 1, version 3): RSA with PKCS#1 v1.5, or ECDH by RFC 6637. BouncyCastle can do this too, but
/// only hands out the decrypted message, and it takes GnuPG's OCB messages for CFB; hence the session key is recovered here.
/// </summary>
/// <param name="KeyId">Of the (sub)key; 0 hides it.</param>
/// <param name="Algorithm">Public-key algorithm number.</param>
/// <param name="Data">What depends on the algorithm.</param>
internal sealed record PgpSessionKeyPacket(long KeyId, int Algorithm, byte[] Data)
{
    private const int Rsa = 1;
    private const int RsaEncryptOnly = 2;
    private const int Ecdh = 18;

    /// <returns>Null for other versions.</returns>
    public static PgpSessionKeyPacket? Parse(ReadOnlySpan<byte> body) =>
        body.Length > 10 && body[0] == 3 ? new PgpSessionKeyPacket(BinaryPrimitives.ReadInt64BigEndian(body[1..]), body[9], body[10..].ToArray()) : null;

    /// <returns>Null when it does not open, for whatever reason: which one is nobody's business (Bleichenbacher's oracle).</returns>
    public PgpSessionKey? Unwrap(PgpPrivateKey key)
    {
        byte[] encoded = [];
        try
        {
            encoded = Algorithm switch
            {
                Rsa or RsaEncryptOnly when key.Key is RsaKeyParameters rsa => UnwrapRsa(rsa),
                Ecdh when key.PublicKeyPacket.Key is ECDHPublicBcpgKey parameters => UnwrapEcdh(key, parameters),
                _ => [],
            };
            return PgpSessionKey.Decode(encoded);
        }
        catch (Exception failure) when (failure is CryptoException or ArgumentException or FormatException or InvalidOperationException or ArithmeticException or IndexOutOfRangeException or PgpException or GeneralSecurityException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    private byte[] UnwrapRsa(RsaKeyParameters key)
    {
        var ciphertext = ReadMpi(Data, out _);
        var cipher = new Pkcs1Encoding(new RsaBlindedEngine());
        cipher.Init(false, key);
        return cipher.ProcessBlock(ciphertext, 0, ciphertext.Length);
    }

    /// <summary>
    /// The shared secret is hashed with the curve, the key's own parameters and its fingerprint into a key that unwraps the padded session key.
    /// </summary>
    private byte[] UnwrapEcdh(PgpPrivateKey key, ECDHPublicBcpgKey parameters)
    {
        var point = ReadMpi(Data, out var used);
        var length = Data[used];
        if (length != Data.Length - used - 1) return [];
        var shared = Agree(key.Key, point);
        var kek = DeriveKek(shared, key.PublicKeyPacket, parameters);
        CryptographicOperations.ZeroMemory(shared);
        try
        {
            var cipher = new Rfc3394WrapEngine(new AesEngine());
            cipher.Init(false, new KeyParameter(kek));
            return Unpad(cipher.Unwrap(Data, used + 1, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(kek);
        }
    }

    private static byte[] Agree(AsymmetricKeyParameter key, byte[] point)
    {
        if (key is X25519PrivateKeyParameters curve)
        {
            // Native points carry a leading 0x40.
            if (point.Length != 33 || point[0] != 0x40) throw new ArgumentException("Not a native point.");
            var shared = new byte[X25519PrivateKeyParameters.SecretSize];
            curve.GenerateSecret(new X25519PublicKeyParameters(point, 1), shared, 0);
            return shared;
        }
        var ec = (ECPrivateKeyParameters)key;
        var agreement = new ECDHBasicAgreement();
        agreement.Init(ec);
        var peer = new ECPublicKeyParameters(ec.Parameters.Curve.DecodePoint(point), ec.Parameters);
        return BigIntegers.AsUnsignedByteArray(agreement.GetFieldSize(), agreement.CalculateAgreement(peer));
    }

    private static byte[] DeriveKek(byte[] shared, PublicKeyPacket packet, ECDHPublicBcpgKey parameters)
    {
        var fingerprint = new PgpPublicKey(packet).GetFingerprint();
        byte[] input =
        [
            0, 0, 0, 1, .. shared,
            // The DER encoding without its tag: length and body.
            .. parameters.CurveOid.GetEncoded().AsSpan(1),
            Ecdh, 3, 1, (byte)parameters.HashAlgorithm, (byte)parameters.SymmetricKeyAlgorithm,
            .. "Anonymous Sender    "u8, .. fingerprint,
        ];
        try
        {
            var size = PgpSymmetric.KeySize((int)parameters.SymmetricKeyAlgorithm);
            return DigestUtilities.CalculateDigest(parameters.HashAlgorithm.ToString(), input)[..size];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    /// <summary>PKCS#5 padding to a multiple of 8, sometimes to much more to hide the key's size.</summary>
    private static byte[] Unpad(byte[] padded)
    {
        int count = padded[^1];
        var fits = count > 0 && count < padded.Length && padded.AsSpan(padded.Length - count).IndexOfAnyExcept((byte)count) < 0;
        var result = fits ? padded[..^count] : [];
        CryptographicOperations.ZeroMemory(padded);
        return result;
    }

    /// <summary>Length in bits, then the number.</summary>
    private static byte[] ReadMpi(ReadOnlySpan<byte> data, out int used)
    {
        var size = (BinaryPrimitives.ReadUInt16BigEndian(data) + 7) / 8;
        used = size + 2;
        return data.Slice(2, size).ToArray();
    }
}
