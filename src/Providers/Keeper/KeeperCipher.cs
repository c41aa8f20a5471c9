using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>
/// The two ciphers of Keeper Secrets Manager, and how it writes bytes as text:
/// <code>
/// sealed with a key      nonce 12 ‖ ciphertext ‖ tag 16, AES-256-GCM
/// sealed for a P-256 key ephemeral point 65 ‖ sealed with SHA-256(x of the shared point)
/// </code>
/// </summary>
internal static class KeeperCipher
{
    public const int KeySize = 32;
    public const int PointSize = 65;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> key)
    {
        var box = new byte[NonceSize + plain.Length + TagSize];
        // Each key seals a handful of messages, so that random nonces do not meet.
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize, plain.Length), box.AsSpan(NonceSize + plain.Length));
        return box;
    }

    /// <returns>The caller's to zero; null when the box is cut or was changed, or the key is another.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> key)
    {
        if (box.Length < NonceSize + TagSize || key.Length != KeySize) return null;
        var plain = new byte[box.Length - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], plain);
            return plain;
        }
        catch (CryptographicException)
        {
            CryptographicOperations.ZeroMemory(plain);
            return null;
        }
    }

    /// <param name="point">An uncompressed point.</param>
    /// <exception cref="ProviderException">It is none of P-256.</exception>
    public static byte[] SealFor(ReadOnlySpan<byte> plain, byte[] point, string whose)
    {
        using var mine = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var theirs = PublicKeyOf(point, whose);
        var key = mine.DeriveKeyFromHash(theirs.PublicKey, HashAlgorithmName.SHA256);
        try
        {
            return [.. PointOf(mine.ExportParameters(false)), .. Seal(plain, key)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Base64 of either alphabet, with its padding or without; null when it is none.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        var written = text.Trim((byte)' ').TrimEnd((byte)'=').ToArray();
        written.AsSpan().Replace((byte)'+', (byte)'-');
        written.AsSpan().Replace((byte)'/', (byte)'_');
        try
        {
            return Base64Url.DecodeFromUtf8(written);
        }
        catch (FormatException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(written);
        }
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte})"/>
    public static byte[]? Decode(string? text) => text is null ? null : Decode(Encoding.UTF8.GetBytes(text));

    private static byte[] PointOf(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];

    private static ECDiffieHellman PublicKeyOf(byte[] point, string whose)
    {
        try
        {
            if (point.Length == PointSize && point[0] == 4) return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        }
        catch (CryptographicException)
        {
            // Not on the curve.
        }

        throw new ProviderException(ProviderFailureKind.Invalid, $"{whose} is no point of P-256");
    }
}
