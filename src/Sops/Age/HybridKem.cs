using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// HPKE KEM 0x647a, MLKEM768-X25519 (X-Wing; draft-ietf-hpke-pq): safe while either half is.
/// <code>
/// seed 32 → SHAKE256 → ML-KEM seed 64 ‖ X25519 scalar 32
/// public 1216 = ML-KEM encapsulation key 1184 ‖ X25519 point 32
/// enc    1120 = ML-KEM ciphertext 1088 ‖ ephemeral point 32
/// secret = SHA3-256(ML-KEM secret ‖ X25519 secret ‖ ephemeral point ‖ recipient point ‖ "\.//^\")
/// </code>
/// A wrong key or a changed ML-KEM ciphertext gives another secret, not an error; only the cipher that uses it notices.
/// </summary>
internal static class HybridKem
{
    public const int SeedSize = 32;
    public const int PublicSize = LatticePublicSize + X25519Share.Size;
    public const int EncapsulationSize = LatticeCiphertextSize + X25519Share.Size;
    private const int LatticePublicSize = 1184;
    private const int LatticeCiphertextSize = 1088;
    private const int LatticeSeedSize = 64;
    private const int SecretSize = 32;

    public static byte[] PublicOf(byte[] seed)
    {
        var (lattice, scalar) = Expand(seed);
        try
        {
            return [.. lattice.GetPublicKey().GetEncoded(), .. X25519Share.PublicOf(scalar)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <returns>Null when the public key is not one: coefficients out of range, or a point of low order.</returns>
    public static (byte[] Secret, byte[] Encapsulation)? Encapsulate(byte[] publicKey)
    {
        MLKemPublicKeyParameters lattice;
        try
        {
            lattice = MLKemPublicKeyParameters.FromEncoding(MLKemParameters.ml_kem_768, publicKey[..LatticePublicSize]);
        }
        catch (ArgumentException)
        {
            return null;
        }
        var point = publicKey[LatticePublicSize..];
        var encapsulator = new MLKemEncapsulator(MLKemParameters.ml_kem_768);
        encapsulator.Init(new ParametersWithRandom(lattice, new SecureRandom()));
        var ciphertext = new byte[LatticeCiphertextSize];
        var latticeSecret = new byte[SecretSize];
        encapsulator.Encapsulate(ciphertext, 0, ciphertext.Length, latticeSecret, 0, latticeSecret.Length);
        var ephemeral = RandomNumberGenerator.GetBytes(X25519Share.Size);
        try
        {
            var share = X25519Share.PublicOf(ephemeral);
            if (!X25519Share.TryAgree(ephemeral, point, out var curveSecret)) return null;
            return (Combine(latticeSecret, curveSecret, share, point), [.. ciphertext, .. share]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
        }
    }

    /// <param name="seed">32 bytes.</param>
    /// <param name="encapsulation">1120 bytes.</param>
    /// <returns>Null when the ephemeral point is of low order.</returns>
    public static byte[]? Decapsulate(byte[] seed, byte[] encapsulation)
    {
        var (lattice, scalar) = Expand(seed);
        try
        {
            var share = encapsulation[LatticeCiphertextSize..];
            if (!X25519Share.TryAgree(scalar, share, out var curveSecret)) return null;
            var decapsulator = new MLKemDecapsulator(MLKemParameters.ml_kem_768);
            decapsulator.Init(lattice);
            var latticeSecret = new byte[SecretSize];
            decapsulator.Decapsulate(encapsulation, 0, LatticeCiphertextSize, latticeSecret, 0, latticeSecret.Length);
            return Combine(latticeSecret, curveSecret, share, X25519Share.PublicOf(scalar));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    private static (MLKemPrivateKeyParameters Lattice, byte[] Scalar) Expand(byte[] seed)
    {
        var expanded = Shake256.HashData(seed, LatticeSeedSize + X25519Share.Size);
        try
        {
            return (MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, expanded[..LatticeSeedSize]), expanded[LatticeSeedSize..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    private static byte[] Combine(byte[] latticeSecret, byte[] curveSecret, byte[] ephemeral, byte[] recipient)
    {
        byte[] input = [.. latticeSecret, .. curveSecret, .. ephemeral, .. recipient, .. @"\.//^\"u8];
        try
        {
            return SHA3_256.HashData(input);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(latticeSecret);
            CryptographicOperations.ZeroMemory(curveSecret);
        }
    }
}
