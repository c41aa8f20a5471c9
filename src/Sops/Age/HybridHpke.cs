using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// RFC 9180 HPKE in base mode with <see cref="HybridKem"/>, HKDF-SHA256 and ChaCha20-Poly1305; one message, sequence number 0, no associated
/// data. This KEM's secret enters the key schedule as it is, without the extract-and-expand step of the DH KEMs.
/// </summary>
internal static class HybridHpke
{
    private const int TagSize = 16;

    private static ReadOnlySpan<byte> SuiteId => "HPKE\x64\x7a\0\x01\0\x03"u8;

    /// <returns>The encapsulated key and the ciphertext; null when the public key is invalid.</returns>
    public static (byte[] Encapsulation, byte[] Ciphertext)? Seal(byte[] publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> plaintext)
    {
        if (HybridKem.Encapsulate(publicKey) is not var (secret, encapsulation)) return null;
        using var context = new Context(secret, info);
        var ciphertext = new byte[plaintext.Length + TagSize];
        context.Cipher.Encrypt(context.Nonce, plaintext, ciphertext.AsSpan(0, plaintext.Length), ciphertext.AsSpan(plaintext.Length));
        return (encapsulation, ciphertext);
    }

    /// <param name="secret">From <see cref="HybridKem.Decapsulate"/>; zeroed.</param>
    /// <param name="info">Application label.</param>
    /// <param name="ciphertext">With its tag.</param>
    /// <param name="plaintext">As long as the ciphertext without its tag.</param>
    public static bool TryOpen(byte[] secret, ReadOnlySpan<byte> info, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        using var context = new Context(secret, info);
        try
        {
            context.Cipher.Decrypt(context.Nonce, ciphertext[..^TagSize], ciphertext[^TagSize..], plaintext);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static byte[] LabeledExtract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> ikm) =>
        HKDF.Extract(HashAlgorithmName.SHA256, [.. "HPKE-v1"u8, .. SuiteId, .. label, .. ikm], salt.ToArray());

    private static byte[] LabeledExpand(byte[] secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, int length)
    {
        var size = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)length);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [.. size, .. "HPKE-v1"u8, .. SuiteId, .. label, .. info]);
    }

    private sealed class Context : IDisposable
    {
        public Context(byte[] kemSecret, ReadOnlySpan<byte> info)
        {
            byte[] schedule = [0, .. LabeledExtract([], "psk_id_hash"u8, []), .. LabeledExtract([], "info_hash"u8, info)];
            var secret = LabeledExtract(kemSecret, "secret"u8, []);
            var key = LabeledExpand(secret, "key"u8, schedule, 32);
            Nonce = LabeledExpand(secret, "base_nonce"u8, schedule, 12);
            Cipher = new ChaCha20Poly1305(key);
            CryptographicOperations.ZeroMemory(kemSecret);
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }

        public ChaCha20Poly1305 Cipher { get; }

        public byte[] Nonce { get; }

        public void Dispose() => Cipher.Dispose();
    }
}
