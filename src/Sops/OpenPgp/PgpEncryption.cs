using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Security;

namespace GitOpsSecrets.Sops.OpenPgp;

/// <summary>Writes messages that every OpenPGP program of the last twenty years reads: AES-256 in CFB with its hash, no compression.</summary>
internal static class PgpEncryption
{
    /// <returns>A binary message.</returns>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, PgpPublicKey key)
    {
        var generator = new PgpEncryptedDataGenerator(SymmetricKeyAlgorithmTag.Aes256, withIntegrityPacket: true, new SecureRandom());
        generator.AddMethod(key);
        var literal = Literal(plain);
        using var output = new MemoryStream();
        using (var stream = generator.Open(output, literal.Length)) stream.Write(literal);
        Array.Clear(literal);
        return output.ToArray();
    }

    /// <summary>Binary, without a name or a date.</summary>
    private static byte[] Literal(ReadOnlySpan<byte> plain)
    {
        if (plain.Length > 180) throw new ArgumentException("Too long for a literal with a one-byte length.", nameof(plain));
        return [0xC0 | PgpPacket.Literal, (byte)(plain.Length + 6), (byte)'b', 0, 0, 0, 0, 0, .. plain];
    }
}
