using System.Formats.Asn1;
using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>What sealing needs of an X.509 certificate, read straight from its DER (RFC 5280 §4.1); starting up an X.509 stack would cost the CLI more than sealing does.</summary>
internal sealed record CertificateContent(RsaPublicKey Key, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Pem)
{
    private const string CertificateLabel = "CERTIFICATE";

    /// <summary>The first certificate of a PEM text, or <c>null</c> and why not.</summary>
    public static CertificateContent? Read(string pem, out SealingFailure? failure)
    {
        if (!PemBlocks.TryFindFirst(pem, static label => label is CertificateLabel, out var der, out _))
        {
            failure = new SealingFailure(SealingFailureKind.NoCertificate, "data does not contain any valid RSA or ECDSA certificates");
            return null;
        }
        try
        {
            return Parse(der, out failure);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            failure = new SealingFailure(SealingFailureKind.Malformed, "malformed certificate");
            return null;
        }
    }

    private static CertificateContent? Parse(byte[] der, out SealingFailure? failure)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var certificate = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var body = certificate.ReadSequence();
        var version = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (body.PeekTag() == version) body.ReadEncodedValue();
        body.ReadInteger();      // serialNumber
        body.ReadEncodedValue(); // signature
        body.ReadEncodedValue(); // issuer
        var validity = body.ReadSequence();
        var notBefore = ReadTime(validity);
        var notAfter = ReadTime(validity);
        body.ReadEncodedValue(); // subject
        var key = SubjectPublicKey.Read(body.ReadSequence(), out failure);
        return key is null ? null : new CertificateContent(key, notBefore, notAfter, PemEncoding.WriteString(CertificateLabel, der) + "\n");
    }

    /// <summary>UTCTime up to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5).</summary>
    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
