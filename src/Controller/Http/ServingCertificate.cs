using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Http;

/// <summary>The certificate that is shown to callers, with those between it and its root. One that is replaced is left to the collector: a handshake may still be at it.</summary>
internal sealed class ServingCertificate
{
    private SslStreamCertificateContext? current;

    public SslStreamCertificateContext? Current => Volatile.Read(ref current);

    /// <param name="certificatePem">The certificate, and after it what it is signed with.</param>
    /// <exception cref="CryptographicException">They are no pair, or no PEM.</exception>
    public void Load(string certificatePem, string keyPem)
    {
        using var read = CertificatePair.FromPem(certificatePem, keyPem); // not a pair: one of the two files was replaced before the other
        if (Current?.TargetCertificate.Thumbprint == read.Thumbprint) return;
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificatePem);
        // A key that was read from PEM cannot be used for TLS on every platform; one from PKCS#12 can. What is missing between is not looked for in the network.
        Volatile.Write(ref current, SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null), all, offline: true));
    }
}
