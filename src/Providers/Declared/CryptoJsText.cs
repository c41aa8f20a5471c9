using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>
/// Text under a passphrase, as CryptoJS and <c>openssl enc -aes-256-cbc -md md5</c> write it: AES-256-CBC, whose key and vector MD5 makes of the passphrase. Weak, and
/// without anything that tells whether it was changed: for reading what a vendor's clients wrote, and never for writing.
/// <code>
///  8 bytes  "Salted__"
///  8 bytes  salt
///  n bytes  the text, in blocks of 16, padded as PKCS #7 says
/// </code>
/// </summary>
internal static class CryptoJsText
{
    private const int SaltSize = 8;
    private const int KeySize = 32;
    private const int BlockSize = 16;

    /// <returns>The caller's to zero; null when it is none, or the passphrase is another.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> base64, ReadOnlySpan<byte> passphrase)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, bytes, out _, out var length) != OperationStatus.Done) return null;
        var text = bytes.AsSpan(0, length);
        if (!text.StartsWith("Salted__"u8) || text.Length < SaltSize + SaltSize + BlockSize) return null;
        var secret = SecretOf(passphrase, text.Slice(SaltSize, SaltSize));
        try
        {
            using var aes = Aes.Create();
            aes.Key = secret[..KeySize];
            return aes.DecryptCbc(text[(2 * SaltSize)..], secret.AsSpan(KeySize), PaddingMode.PKCS7);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>OpenSSL's EVP_BytesToKey with one round: each hash is over the one before, the passphrase and the salt.</summary>
    private static byte[] SecretOf(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt)
    {
        var secret = new byte[KeySize + BlockSize];
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        for (var done = 0; done < secret.Length; done += MD5.HashSizeInBytes)
        {
#pragma warning disable CA5351 // What the vendor's clients write; nothing is protected by it here.
            byte[] input = [.. done == 0 ? [] : hash, .. passphrase, .. salt];
            MD5.HashData(input, hash);
#pragma warning restore CA5351
            CryptographicOperations.ZeroMemory(input);
            hash.CopyTo(secret.AsSpan(done));
        }

        hash.Clear();
        return secret;
    }
}
