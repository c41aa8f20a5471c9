using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Generators.SshKey;

/// <summary>
/// How OpenSSH writes keys to files: the private one as its PROTOCOL.key says, without a passphrase, and the public one as a line of authorized_keys.
/// <code>
/// "openssh-key-v1" 0 | text cipher | text kdf | text kdf options | number of keys | text public key | text private part
/// private part: check | the same check | private key | text comment | 1 2 3 … up to a multiple of 8
/// </code>
/// </summary>
internal static class OpenSshFormat
{
    private const int BlockSize = 8;

    /// <summary>Bytes in one line of PEM: 64 letters.</summary>
    private const int LineBytes = 48;

    /// <returns>The caller's to zero.</returns>
    public static byte[] PrivateKey(SshKeyPair pair, string comment, RandomNumberGenerator random)
    {
        using var secret = new SecretBuffer();
        WritePrivatePart(pair, comment, random, secret);

        using var file = new SecretBuffer();
        file.Append("openssh-key-v1\0"u8);
        file.AppendText("none"u8);
        file.AppendText("none"u8);
        file.AppendText([]);
        file.AppendNumber(1);
        file.AppendText(pair.PublicKey.Written);
        file.AppendText(secret.Written);

        using var pem = new SecretBuffer();
        pem.Append("-----BEGIN OPENSSH PRIVATE KEY-----\n"u8);
        for (var rest = file.Written; rest.Length > 0; rest = rest[Math.Min(LineBytes, rest.Length)..])
        {
            AppendBase64(pem, rest[..Math.Min(LineBytes, rest.Length)]);
            pem.Append((byte)'\n');
        }

        pem.Append("-----END OPENSSH PRIVATE KEY-----\n"u8);
        return pem.ToArray();
    }

    /// <returns>The caller's to zero.</returns>
    public static byte[] PublicKey(SshKeyPair pair, string comment)
    {
        using var line = new SecretBuffer();
        line.Append(Encoding.ASCII.GetBytes(pair.Algorithm));
        line.Append((byte)' ');
        AppendBase64(line, pair.PublicKey.Written);
        if (comment.Length > 0)
        {
            line.Append((byte)' ');
            line.Append(Encoding.UTF8.GetBytes(comment));
        }

        line.Append((byte)'\n');
        return line.ToArray();
    }

    private static void WritePrivatePart(SshKeyPair pair, string comment, RandomNumberGenerator random, SecretBuffer part)
    {
        // With a passphrase, two equal numbers would show that it was the right one.
        Span<byte> check = stackalloc byte[sizeof(int)];
        random.GetBytes(check);
        part.Append(check);
        part.Append(check);
        part.Append(pair.PrivateKey.Written);
        part.AppendText(Encoding.UTF8.GetBytes(comment));
        for (byte padding = 1; part.Length % BlockSize > 0; padding++) part.Append(padding);
    }

    private static void AppendBase64(SecretBuffer text, ReadOnlySpan<byte> bytes)
    {
        Base64.EncodeToUtf8(bytes, text.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        text.Advance(written);
    }
}
