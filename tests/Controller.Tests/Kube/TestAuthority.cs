using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Controller.Tests.Kube;

/// <summary>A private authority, as each cluster has one.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1);

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Certificate = request.CreateSelfSigned(from, from.AddDays(10));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>A server's certificate for one DNS name, or the loopback address.</summary>
    /// <param name="life">From yesterday on; longer than a day unless the test says so.</param>
    public X509Certificate2 Issue(string name, TimeSpan? life = null)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(Certificate, from, from + (life ?? TimeSpan.FromDays(9)), RandomNumberGenerator.GetBytes(8));
        using var complete = issued.CopyWithPrivateKey(own);
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
