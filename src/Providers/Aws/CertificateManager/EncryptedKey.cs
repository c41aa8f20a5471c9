using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>A private key under a passphrase, as Certificate Manager exports it: PKCS #8 in PEM (RFC 5958, RFC 8018).</summary>
internal static class EncryptedKey
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";
    private const string Clear = "PRIVATE KEY";

    // AWS takes 2,048; whoever answers in its place shall not keep us busy for hours.
    private const int MostIterations = 1_000_000;

    /// <summary>The key in clear, in PEM with a line end; null when it is none, or another passphrase's. One that is not encrypted is given as it is.</summary>
    /// <returns>The caller's to zero.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> pem, ReadOnlySpan<byte> passphrase)
    {
        if (!PemEncoding.TryFindUtf8(pem, out var fields)) return null;
        var der = new byte[fields.DecodedDataLength];
        try
        {
            if (System.Buffers.Text.Base64.DecodeFromUtf8(pem[fields.Base64Data], der, out _, out var length) != System.Buffers.OperationStatus.Done) return null;
            return Encoding.ASCII.GetString(pem[fields.Label]) switch
            {
                Clear => PemOf(der.AsSpan(0, length)),
                Encrypted => Open(der.AsMemory(0, length), passphrase),
                _ => null,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static byte[]? Open(ReadOnlyMemory<byte> der, ReadOnlySpan<byte> passphrase)
    {
        if (Iterations(der) is not (> 0 and <= MostIterations)) return null;
        // Certificate Manager has keys of these two kinds.
        using var rsa = RSA.Create();
        using var curve = ECDsa.Create();
        return Open(rsa, der.Span, passphrase) ?? Open(curve, der.Span, passphrase);
    }

    private static byte[]? Open(AsymmetricAlgorithm kind, ReadOnlySpan<byte> der, ReadOnlySpan<byte> passphrase)
    {
        byte[]? opened = null;
        try
        {
            kind.ImportEncryptedPkcs8PrivateKey(passphrase, der, out _);
            opened = kind.ExportPkcs8PrivateKey();
            return PemOf(opened);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <summary>How often the passphrase is hashed: in the parameters of PBKDF2 within those of PBES2, or in those of an older scheme. Zero where neither is there.</summary>
    private static int Iterations(ReadOnlyMemory<byte> der)
    {
        try
        {
            var scheme = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            const string Pbes2 = "1.2.840.113549.1.5.13";
            var parameters = scheme.ReadObjectIdentifier() == Pbes2 ? Derivation(scheme.ReadSequence().ReadSequence()) : scheme.ReadSequence();
            parameters.ReadOctetString(); // the salt
            return parameters.TryReadInt32(out var iterations) ? iterations : 0;
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }

    private static AsnReader Derivation(AsnReader algorithm)
    {
        algorithm.ReadObjectIdentifier();
        return algorithm.ReadSequence();
    }

    private static byte[] PemOf(ReadOnlySpan<byte> der)
    {
        var text = new char[PemEncoding.GetEncodedSize(Clear.Length, der.Length) + 1];
        PemEncoding.TryWrite(Clear, der, text, out var length);
        text[length] = '\n';
        var bytes = Encoding.ASCII.GetBytes(text, 0, length + 1);
        Array.Clear(text);
        return bytes;
    }
}
