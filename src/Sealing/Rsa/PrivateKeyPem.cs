using System.Formats.Asn1;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>Reads private keys from PEM: PKCS#1 (<c>RSA PRIVATE KEY</c>) and PKCS#8 (<c>PRIVATE KEY</c>).</summary>
internal static class PrivateKeyPem
{
    private const string Pkcs1 = "RSA PRIVATE KEY";
    private const string Pkcs8 = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    public static (IOaepDecryptor? Decryptor, RsaPublicKey? PublicKey) Load(string pem, LoadDecryptor load, out SealingFailure? failure)
    {
        byte[]? der = null;
        try
        {
            if (!PemBlocks.TryFindFirst(pem, static label => label.EndsWith(Pkcs8, StringComparison.Ordinal), out der, out var label))
            {
                failure = new SealingFailure(SealingFailureKind.NoPrivateKey, "data does not contain any valid private key");
                return default;
            }
            return Load(der, label, load, out failure);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // Not the exception's text: it may speak of the key's content.
            failure = new SealingFailure(SealingFailureKind.Malformed, "malformed private key");
            return default;
        }
        finally
        {
            if (der is not null) CryptographicOperations.ZeroMemory(der);
        }
    }

    private static (IOaepDecryptor? Decryptor, RsaPublicKey? PublicKey) Load(byte[] der, string label, LoadDecryptor load, out SealingFailure? failure)
    {
        failure = label switch
        {
            Pkcs1 or Pkcs8 => null,
            Encrypted => Unsupported("encrypted private keys are not read; decrypt it first"),
            _ => Unsupported($"a sealing key is RSA, this is \"{label}\""),
        };
        if (failure is not null) return default;
        ReadOnlyMemory<byte> pkcs1 = der;
        if (label == Pkcs8 && !TryUnwrapPkcs8(der, out pkcs1))
        {
            failure = Unsupported("a sealing key is RSA, this is another algorithm");
            return default;
        }
        var numbers = new AsnReader(pkcs1, AsnEncodingRules.DER).ReadSequence();
        numbers.ReadInteger(); // version
        var publicKey = RsaPublicKey.Create(numbers.ReadIntegerBytes().Span, numbers.ReadIntegerBytes().Span, out failure);
        return publicKey is null ? default : (load(pkcs1.Span), publicKey);
    }

    /// <summary>PrivateKeyInfo (RFC 5208 §5): version, algorithm, octets. The answer is a slice of the input, so zeroing that zeroes both.</summary>
    private static bool TryUnwrapPkcs8(byte[] der, out ReadOnlyMemory<byte> pkcs1)
    {
        var info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger(); // version
        var isRsa = info.ReadSequence().ReadObjectIdentifier() == SubjectPublicKey.RsaEncryption;
        pkcs1 = isRsa && info.TryReadPrimitiveOctetString(out var octets) ? octets : default;
        return isRsa;
    }

    private static SealingFailure Unsupported(string why) => new(SealingFailureKind.UnsupportedKey, "unsupported key: " + why);
}
