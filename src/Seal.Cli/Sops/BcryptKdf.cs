using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>
/// OpenBSD's bcrypt_pbkdf, which makes the key that protects an OpenSSH private key out of its passphrase: PBKDF2 over a hash that sets
/// Blowfish up from passphrase and salt at great cost and encrypts a fixed text 64 times. Proven by keys that ssh-keygen wrote.
/// </summary>
internal static class BcryptKdf
{
    private const int HashSize = 32;

    /// <param name="passphrase">UTF-8.</param>
    /// <param name="salt">From the key file.</param>
    /// <param name="rounds">From the key file; 16 or 24 as a rule.</param>
    /// <param name="length">Of the key.</param>
    public static byte[] Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int rounds, int length)
    {
        var key = new byte[length];
        var hashedPassphrase = SHA512.HashData(passphrase);
        var blocks = (length + HashSize - 1) / HashSize;
        byte[] counted = [.. salt, 0, 0, 0, 0];
        for (var block = 1; block <= blocks; block++)
        {
            BinaryPrimitives.WriteInt32BigEndian(counted.AsSpan(salt.Length), block);
            var output = Hash(hashedPassphrase, SHA512.HashData(counted));
            var sum = output.ToArray();
            for (var round = 1; round < rounds; round++)
            {
                output = Hash(hashedPassphrase, SHA512.HashData(output));
                for (var i = 0; i < HashSize; i++) sum[i] ^= output[i];
            }
            // The bytes of a block lie scattered over the whole key, one every `blocks` places.
            for (var i = 0; i < HashSize && (i * blocks) + block - 1 < length; i++) key[(i * blocks) + block - 1] = sum[i];
            CryptographicOperations.ZeroMemory(sum);
        }
        CryptographicOperations.ZeroMemory(hashedPassphrase);
        return key;
    }

    private static byte[] Hash(byte[] passphrase, byte[] salt)
    {
        const int Repeats = 64;
        var blowfish = new Blowfish();
        blowfish.Expand(passphrase, salt);
        for (var i = 0; i < Repeats; i++)
        {
            blowfish.Expand(salt, []);
            blowfish.Expand(passphrase, []);
        }
        var text = "OxychromaticBlowfishSwatDynamite"u8.ToArray();
        var output = new byte[HashSize];
        for (var at = 0; at < HashSize; at += 8)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(at));
            var right = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(at + 4));
            for (var i = 0; i < Repeats; i++) blowfish.Encrypt(ref left, ref right);
            BinaryPrimitives.WriteUInt32LittleEndian(output.AsSpan(at), left);
            BinaryPrimitives.WriteUInt32LittleEndian(output.AsSpan(at + 4), right);
        }
        return output;
    }
}
