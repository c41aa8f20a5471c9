using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Api.Tests;

public sealed class CertificatePairTests
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string certificate;

    public CertificatePairTests()
    {
        using var made = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        certificate = made.ExportCertificatePem();
    }

    [Fact]
    public void A_pair_is_read_with_its_key()
    {
        using var pair = CertificatePair.FromPem(certificate, key.ExportPkcs8PrivateKeyPem());
        Assert.True(pair.HasPrivateKey);
    }

    [Fact]
    public void The_key_of_another_certificate_no_key_and_no_certificate_all_fail_alike()
    {
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ofAnotherKind = RSA.Create(2048);
        foreach (var wrong in new[] { another.ExportPkcs8PrivateKeyPem(), ofAnotherKind.ExportPkcs8PrivateKeyPem(), certificate, "" })
        {
            Assert.Throws<CryptographicException>(() => CertificatePair.FromPem(certificate, wrong));
        }
        Assert.Throws<CryptographicException>(() => CertificatePair.FromPem("nonsense", key.ExportPkcs8PrivateKeyPem()));
    }
}
