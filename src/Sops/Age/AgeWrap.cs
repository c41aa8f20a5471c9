using System.Security.Cryptography;

namespace GitOpsSecrets.Sops.Age;

/// <summary>
/// How all stanza types but ssh-rsa and the hybrid one carry the file key: ChaCha20-Poly1305 with a zero nonce. The nonce is never used twice
/// with a key because every wrap key comes from a fresh ephemeral share or salt.
/// </summary>
internal static class AgeWrap
{
    public const int WrappedSize = AgeFileKey.Size + 16;

    public static byte[] Wrap(AgeFileKey fileKey, ReadOnlySpan<byte> wrapKey)
    {
        var body = new byte[WrappedSize];
        using var cipher = new ChaCha20Poly1305(wrapKey);
        cipher.Encrypt(new byte[12], fileKey.Bytes, body.AsSpan(0, AgeFileKey.Size), body.AsSpan(AgeFileKey.Size));
        return body;
    }

    /// <returns>Null when the key does not fit.</returns>
    /// <exception cref="AgeException">Header: the body has another size. Checked before decryption, so that nobody can make a body that
    /// opens under many keys (partitioning oracle).</exception>
    public static AgeFileKey? Unwrap(ReadOnlySpan<byte> body, ReadOnlySpan<byte> wrapKey)
    {
        RequireSize(body);
        using var cipher = new ChaCha20Poly1305(wrapKey);
        Span<byte> plain = stackalloc byte[AgeFileKey.Size];
        try
        {
            cipher.Decrypt(new byte[12], body[..AgeFileKey.Size], body[AgeFileKey.Size..], plain);
            return new AgeFileKey(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public static void RequireSize(ReadOnlySpan<byte> body)
    {
        if (body.Length != WrappedSize) throw AgeHeader.Malformed("a stanza body does not have 32 bytes");
    }
}
