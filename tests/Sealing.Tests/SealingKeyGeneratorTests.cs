using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GitOpsSecrets.Sealing.Tests;

public sealed class SealingKeyGeneratorTests
{
    private static readonly DateTimeOffset NotBefore = new(2026, 11, 23, 1, 2, 3, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("", "")]
    [InlineData("sealing", "CN=sealing")]
    public void A_generated_certificate_has_the_fields_of_the_original(string commonName, string subject)
    {
        using var generated = SealingKeyGenerator.Generate(2048, commonName, NotBefore, SealingKeyGenerator.DefaultTtl);
        using var certificate = X509Certificate2.CreateFromPem(generated.CertificatePem);
        Assert.Equal(subject, certificate.Subject);
        Assert.Equal(subject, certificate.Issuer);
        Assert.Equal("sha256RSA", certificate.SignatureAlgorithm.FriendlyName);
        Assert.Equal(NotBefore.UtcDateTime, certificate.NotBefore.ToUniversalTime());
        Assert.Equal(NotBefore.UtcDateTime.AddDays(3650), certificate.NotAfter.ToUniversalTime());
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.True(usage.Critical);
        Assert.Equal(X509KeyUsageFlags.EncipherOnly, usage.KeyUsages);
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints is { Critical: true, CertificateAuthority: true, HasPathLengthConstraint: false });
        Assert.Single(certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>());
        Assert.InRange(certificate.SerialNumber.Length, 28, 32);
    }

    [Fact]
    public void Key_and_certificate_belong_together_and_load()
    {
        using var generated = SealingKeyGenerator.Generate(1024, "", NotBefore, TimeSpan.FromDays(1));
        var pem = Encoding.ASCII.GetString(generated.PrivateKeyPem);
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----\n", pem, StringComparison.Ordinal);
        Assert.EndsWith("-----END RSA PRIVATE KEY-----\n", pem, StringComparison.Ordinal);
        Assert.True(SealingPrivateKey.TryLoad(pem, out var key, out _));
        Assert.True(SealingCertificate.TryLoad(generated.CertificatePem, out var certificate, out _));
        Assert.Equal(key.Fingerprint, certificate.Fingerprint);
        Assert.Equal((1024, NotBefore, NotBefore.AddDays(1)), (certificate.KeyBits, certificate.NotBefore, certificate.NotAfter));
        Assert.Equal(generated.CertificatePem, certificate.Pem);
        key.Dispose();
    }

    [Fact]
    public void Disposing_zeroes_the_private_key()
    {
        var generated = SealingKeyGenerator.Generate(1024, "", NotBefore, TimeSpan.FromDays(1));
        var pem = generated.PrivateKeyPem;
        generated.Dispose();
        Assert.All(pem, b => Assert.Equal(0, b));
    }
}
