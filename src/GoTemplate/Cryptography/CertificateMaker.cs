using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Functions;
using GitOpsSecrets.GoTemplate.Values;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;

namespace GitOpsSecrets.GoTemplate.Cryptography;

/// <summary>
/// A certificate as sprig makes one: valid from now, a 128-bit random serial number, server and client authentication,
/// alternative names exactly as given (the common name is not one of them).
/// </summary>
internal sealed class CertificateMaker(Call call, string commonName, long days)
{
    public bool IsAuthority { get; init; }

    public IReadOnlyList<GeneralName> DnsNames { get; init; } = [];

    public IReadOnlyList<GeneralName> Addresses { get; init; } = [];

    public GoCertificate SelfSign(PrivateKeyText key) => Make(key, key, Name, null);

    public GoCertificate Sign(PrivateKeyText key, CertificateText issuer, PrivateKeyText issuerKey) => Make(key, issuerKey, issuer.Subject, issuer.SubjectKeyId);

    private X509Name Name => new([X509Name.CN], [commonName]);

    private GoCertificate Make(PrivateKeyText key, PrivateKeyText signer, X509Name issuer, byte[]? issuerKeyId)
    {
        var now = call.Context.Time.GetUtcNow().UtcDateTime;
        var generator = new X509V3CertificateGenerator();
        var publicKey = PublicKeyOf(key.Key);
        generator.SetSerialNumber(new BigInteger(128, ContextRandom.Of(call.Context.Random)).SetBit(0));
        generator.SetIssuerDN(issuer);
        generator.SetSubjectDN(Name);
        generator.SetNotBefore(now);
        generator.SetNotAfter(now.AddDays(Math.Clamp(days, -36_500, 36_500)));
        generator.SetPublicKey(publicKey);
        AddExtensions(generator, publicKey, issuerKeyId);
        var certificate = generator.Generate(new Asn1SignatureFactory(Algorithm(signer.Key), signer.Key, ContextRandom.Of(call.Context.Random)));
        return new GoCertificate(PemBlock.Encode("CERTIFICATE", certificate.GetEncoded()), key.ToPem());
    }

    private void AddExtensions(X509V3CertificateGenerator generator, AsymmetricKeyParameter publicKey, byte[]? issuerKeyId)
    {
        var usage = KeyUsage.DigitalSignature | KeyUsage.KeyEncipherment | (IsAuthority ? KeyUsage.KeyCertSign : 0);
        generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(usage));
        generator.AddExtension(X509Extensions.ExtendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeID.id_kp_serverAuth, KeyPurposeID.id_kp_clientAuth));
        generator.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(IsAuthority));
        if (IsAuthority)
        {
            var info = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(publicKey);
            var hash = System.Security.Cryptography.SHA256.HashData(info.PublicKey.GetBytes());
            generator.AddExtension(X509Extensions.SubjectKeyIdentifier, false, new SubjectKeyIdentifier(hash[..20]));
        }

        if (issuerKeyId is { Length: > 0 })
        {
            generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, new AuthorityKeyIdentifier(issuerKeyId));
        }

        if (DnsNames.Count + Addresses.Count > 0)
        {
            generator.AddExtension(X509Extensions.SubjectAlternativeName, false, new GeneralNames([.. DnsNames, .. Addresses]));
        }
    }

    private static string Algorithm(AsymmetricKeyParameter key) => key switch
    {
        RsaKeyParameters => "SHA256WITHRSA",
        ECPrivateKeyParameters => "SHA256WITHECDSA",
        Ed25519PrivateKeyParameters => "Ed25519",
        _ => throw new FunctionException("x509: certificate private key does not implement crypto.Signer"),
    };

    private static AsymmetricKeyParameter PublicKeyOf(AsymmetricKeyParameter key) => key switch
    {
        RsaPrivateCrtKeyParameters rsa => new RsaKeyParameters(false, rsa.Modulus, rsa.PublicExponent),
        ECPrivateKeyParameters elliptic => new ECPublicKeyParameters("EC", elliptic.Parameters.G.Multiply(elliptic.D), elliptic.PublicKeyParamSet),
        Ed25519PrivateKeyParameters edwards => edwards.GeneratePublicKey(),
        _ => throw new FunctionException("x509: unsupported private key"),
    };
}
