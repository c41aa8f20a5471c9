using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>What an application shows at its login: a password, what a certificate signs, or an assertion that somebody whom the tenant trusts has signed.</summary>
internal sealed record AzureProof(string Tenant, string Client)
{
    public string? Password { get; init; }

    /// <summary>The certificate and its RSA key, PEM or PKCS#12 without a password: a byte in each character.</summary>
    public string? Certificate { get; init; }

    public string? Assertion { get; init; }

    /// <summary>Tells it from another, but for the assertion, which is another each time.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Tenant}\n{Client}\n{Password}\n{Certificate}")));

    /// <summary>Whether the tenant is an id or a domain, and leads to no other place of the login service.</summary>
    public bool HasTenant => Tenant.Length is > 0 and <= 253 && Tenant.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.') && !Tenant.StartsWith('.');

    public static AzureProof Signing(string tenant, string client, ReadOnlySpan<byte> certificate) => new(tenant, client) { Certificate = Encoding.Latin1.GetString(certificate) };

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: no certificate, or one without an RSA key.</exception>
    public X509Certificate2 LoadCertificate()
    {
        X509Certificate2? loaded = null;
        try
        {
            var text = Certificate ?? "";
            loaded = text.Contains("-----BEGIN", StringComparison.Ordinal) ? CertificatePair.FromPem(text, text) : X509CertificateLoader.LoadPkcs12(Encoding.Latin1.GetBytes(text), null, X509KeyStorageFlags.EphemeralKeySet);
            using var key = loaded.GetRSAPrivateKey() ?? throw new CryptographicException();
            return loaded;
        }
        catch (CryptographicException)
        {
            loaded?.Dispose();
            throw new ProviderException(ProviderFailureKind.Invalid, "the client certificate of the Azure application is neither PEM with an RSA key nor PKCS#12 without a password");
        }
    }

    public override string ToString() => $"application {Client}";
}
