using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Providers.Tests.Http;

namespace GitOpsSecrets.Providers.Tests.Aws;

/// <summary>A certificate, the one above it, and its key, in PEM.</summary>
internal sealed class TestPair : IDisposable
{
    private readonly TestCertificates authority = new();
    private readonly X509Certificate2 certificate;

    public TestPair() => certificate = authority.Issue("shop.example");

    public string Leaf => certificate.ExportCertificatePem() + "\n";

    public string Authority => authority.Pem + "\n";

    public string Key => Private.ExportPkcs8PrivateKeyPem() + "\n";

    public ECDsa Private => certificate.GetECDsaPrivateKey()!;

    public void Dispose()
    {
        certificate.Dispose();
        authority.Dispose();
    }
}
