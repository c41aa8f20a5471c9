using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Controller.Http;

/// <summary>The certificate that is shown to callers. One that is replaced is left to the collector: a handshake may still be at it.</summary>
internal sealed class ServingCertificate
{
    private X509Certificate2? current;

    public X509Certificate2? Current => Volatile.Read(ref current);

    /// <param name="certificatePem">The certificate, and after it what it is signed with.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They are no pair, or no PEM.</exception>
    public void Load(string certificatePem, string keyPem)
    {
        using var read = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        if (Current?.Thumbprint == read.Thumbprint) return;
        // A key that was read from PEM cannot be used for TLS on every platform; one from PKCS#12 can.
        Volatile.Write(ref current, X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null));
    }
}
