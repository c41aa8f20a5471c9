using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Sealing;

/// <summary>Makes sealing keys with the same certificate the original makes, so that either controller takes over the other's keys.</summary>
public static class SealingKeyGenerator
{
    public const int DefaultKeyBits = 4096;

    /// <summary>Ten years of 365 days.</summary>
    public static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(87600);

    /// <summary>A new RSA key and its self-signed certificate. 4096 bits take one to three seconds of CPU.</summary>
    /// <param name="keyBits">2048 or more in earnest; 1024 is accepted because tests of the original use it.</param>
    /// <param name="commonName">CN of subject and issuer; empty for an empty name.</param>
    /// <param name="notBefore">Start of validity; whole seconds count.</param>
    /// <param name="ttl">Length of validity.</param>
    public static GeneratedSealingKey Generate(int keyBits, string commonName, DateTimeOffset notBefore, TimeSpan ttl)
    {
        ArgumentNullException.ThrowIfNull(commonName);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyBits, SealedItem.MinRsaBlock * 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyBits, SealedItem.MaxRsaBlock * 8);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        using var rsa = RSA.Create(keyBits);
        var certificate = SelfSign(rsa, commonName, notBefore.ToUniversalTime(), ttl);
        var pkcs1 = rsa.ExportRSAPrivateKey();
        try
        {
            return new GeneratedSealingKey(PemEncoding.WriteUtf8("RSA PRIVATE KEY"u8, pkcs1), certificate);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs1);
        }
    }

    private static string SelfSign(RSA rsa, string commonName, DateTimeOffset notBefore, TimeSpan ttl)
    {
        var builder = new X500DistinguishedNameBuilder();
        if (commonName.Length > 0) builder.AddCommonName(commonName);
        var subject = builder.Build();
        var request = new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.EncipherOnly, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F; // DER integers are signed; a serial number is positive.
        var notAfter = DateTimeOffset.MaxValue - notBefore < ttl ? DateTimeOffset.MaxValue : notBefore + ttl;
        using var certificate = request.Create(subject, X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), notBefore, notAfter, serial);
        return certificate.ExportCertificatePem() + "\n";
    }
}
