using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Api;

/// <summary>A certificate with its private key, from PEM.</summary>
public static class CertificatePair
{
    /// <param name="certificate">The first certificate in it counts.</param>
    /// <exception cref="CryptographicException">One of them is no PEM, or the key is another certificate's, which .NET tells in an exception of its own.</exception>
    public static X509Certificate2 FromPem(ReadOnlySpan<char> certificate, ReadOnlySpan<char> key)
    {
        try
        {
#pragma warning disable RS0030 // the one place
            return X509Certificate2.CreateFromPem(certificate, key);
#pragma warning restore RS0030
        }
        catch (ArgumentException)
        {
            throw new CryptographicException("the key is not that of the certificate");
        }
    }
}
