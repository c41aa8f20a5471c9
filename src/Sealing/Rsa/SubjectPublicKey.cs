using System.Formats.Asn1;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) with an RSAPublicKey inside (RFC 8017 §A.1.1).</summary>
internal static class SubjectPublicKey
{
    /// <summary>rsaEncryption (RFC 8017 §A.1).</summary>
    public const string RsaEncryption = "1.2.840.113549.1.1.1";

    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <summary>The key, or <c>null</c> and why not. Throws <see cref="AsnContentException"/> where the bytes are no such structure.</summary>
    public static RsaPublicKey? Read(AsnReader info, out SealingFailure? failure)
    {
        var algorithm = info.ReadSequence().ReadObjectIdentifier();
        if (algorithm != RsaEncryption)
        {
            var found = algorithm == EllipticCurve ? "an ECDSA one" : "one of algorithm " + algorithm;
            failure = new SealingFailure(SealingFailureKind.UnsupportedKey, "expected RSA public key but found " + found);
            return null;
        }
        var numbers = new AsnReader(info.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence();
        return RsaPublicKey.Create(numbers.ReadIntegerBytes().Span, numbers.ReadIntegerBytes().Span, out failure);
    }
}
