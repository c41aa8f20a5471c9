using System.Globalization;
using System.Net;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>A certificate as the chain and name functions see it.</summary>
internal sealed class CertificateText
{
    /// <summary>What a certificate taken apart needs, as a multiple of its bytes.</summary>
    private const int WorkingCopies = 8;

    private readonly X509CertificateStructure certificate;

    private CertificateText(X509CertificateStructure certificate, byte[] der)
    {
        this.certificate = certificate;
        Der = der;
        SubjectKeyId = KeyId(X509Extensions.SubjectKeyIdentifier, value => SubjectKeyIdentifier.GetInstance(value).GetKeyIdentifier());
        AuthorityKeyId = KeyId(X509Extensions.AuthorityKeyIdentifier, value => AuthorityKeyIdentifier.GetInstance(value).KeyIdentifier?.GetOctets());
    }

    public byte[] Der { get; }

    public X509Name Subject => certificate.Subject;

    public byte[] SubjectKeyId { get; }

    public byte[] AuthorityKeyId { get; }

    /// <summary>Only identifiers are compared, never signatures.</summary>
    public bool IsRoot => AuthorityKeyId.Length == 0 || AuthorityKeyId.AsSpan().SequenceEqual(SubjectKeyId);

    /// <exception cref="FunctionException">Not a certificate.</exception>
    public static CertificateText Parse(byte[] der)
    {
        try
        {
            return new(X509CertificateStructure.GetInstance(Asn1Object.FromByteArray(der)), der);
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidCastException or InvalidOperationException)
        {
            throw new FunctionException("x509: malformed tbs certificate");
        }
    }

    public static List<CertificateText> ParseAll(ExecutionBudget budget, GoString pem)
    {
        var certificates = new List<CertificateText>();
        while (PemBlock.Decode(budget, ref pem) is { } block)
        {
            budget.Allocate(block.Bytes.Length * WorkingCopies);
            certificates.Add(Parse(block.Bytes));
        }

        return certificates;
    }

    public GoString ToPem() => PemBlock.Encode("CERTIFICATE", Der);

    /// <summary>DNS names, addresses, e-mail addresses, URIs, in that order.</summary>
    public IEnumerable<string> AlternativeNames()
    {
        var extension = certificate.TbsCertificate.Extensions?.GetExtension(X509Extensions.SubjectAlternativeName);
        var names = extension is null ? [] : GeneralNames.GetInstance(extension.GetParsedValue()).GetNames();
        foreach (var tag in (int[])[GeneralName.DnsName, GeneralName.IPAddress, GeneralName.Rfc822Name, GeneralName.UniformResourceIdentifier])
        {
            foreach (var name in names.Where(name => name.TagNo == tag))
            {
                yield return tag == GeneralName.IPAddress
                    ? new IPAddress(Asn1OctetString.GetInstance(name.Name).GetOctets()).ToString()
                    : Convert.ToString(name.Name, CultureInfo.InvariantCulture) ?? "";
            }
        }
    }

    private byte[] KeyId(DerObjectIdentifier oid, Func<Asn1Object, byte[]?> read) =>
        certificate.TbsCertificate.Extensions?.GetExtension(oid) is { } extension ? read(extension.GetParsedValue()) ?? [] : [];
}
