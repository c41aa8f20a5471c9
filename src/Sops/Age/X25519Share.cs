using System.Security.Cryptography;
using Curve = Org.BouncyCastle.Math.EC.Rfc7748.X25519;

namespace GitOpsSecrets.Sops.Age;

/// <summary>Scalar multiplication on Curve25519 (RFC 7748), refusing points of low order.</summary>
internal static class X25519Share
{
    public const int Size = 32;

    public static byte[] PublicOf(byte[] secret)
    {
        var result = new byte[Size];
        Curve.ScalarMultBase(secret, 0, result, 0);
        return result;
    }

    /// <returns>False when the shared secret is all zero: the other side sent a point of low order.</returns>
    public static bool TryAgree(byte[] secret, byte[] point, out byte[] shared)
    {
        shared = new byte[Size];
        return Curve.CalculateAgreement(secret, 0, point, 0, shared, 0);
    }

    /// <summary>The key that wraps the file key: HKDF-SHA-256 of the shared secret, salted with both public shares.</summary>
    public static byte[] DeriveWrapKey(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> info)
    {
        Span<byte> salt = stackalloc byte[2 * Size];
        ephemeral.CopyTo(salt);
        recipient.CopyTo(salt[Size..]);
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, key, salt, info);
        return key;
    }
}
