using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using global::Azure.Security.KeyVault.Certificates;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>A certificate with its private key, as PKCS#12 without a password: the one form that takes every key and chain.</summary>
internal sealed class KeyVaultCertificateContent : IKeyVaultContent
{
    private readonly byte[] pfx;
    private readonly byte[] der;

    private KeyVaultCertificateContent(byte[] pfx, byte[] der) => (this.pfx, this.der) = (pfx, der);

    /// <param name="value">PKCS#12 without a password, or PEM of the certificate, its key and, if it has one, its chain. Taken over.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is neither.</exception>
    public static KeyVaultCertificateContent Of(byte[] value)
    {
        try
        {
            return value.AsSpan().IndexOf("-----BEGIN"u8) >= 0 ? OfPem(value) : OfPfx(value);
        }
        catch (CryptographicException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, "the value is no certificate with its private key: PEM of both, or PKCS#12 without a password");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    public string Operation => "ImportCertificate";

    public bool IsIn(KeyVaultItem existing, KeyVaultWishes wishes) => existing.Value.AsSpan().SequenceEqual(der);

    public async Task<object> WriteAsync(KeyVaultLibraries libraries, string name, KeyVaultWishes wishes, KeyVaultFacts? existing, CancellationToken cancellationToken)
    {
        var import = new ImportCertificateOptions(name, pfx);
        foreach (var (tag, text) in wishes.AllTags) import.Tags[tag] = text;
        return await libraries.Certificates.ImportCertificateAsync(import, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(pfx);

    private static KeyVaultCertificateContent OfPfx(byte[] value)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(value, null, X509KeyStorageFlags.EphemeralKeySet);
        try
        {
            var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException();
            return new([.. value], leaf.RawData);
        }
        finally
        {
            foreach (var certificate in all) certificate.Dispose();
        }
    }

    private static KeyVaultCertificateContent OfPem(byte[] value)
    {
        var text = new char[Encoding.UTF8.GetCharCount(value)];
        var all = new X509Certificate2Collection();
        try
        {
            Encoding.UTF8.GetChars(value, text);
            using var leaf = CertificatePair.FromPem(text, text);
            all.ImportFromPem(text);
            var chain = new X509Certificate2Collection(leaf);
            chain.AddRange(all.Where(certificate => !certificate.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span)).ToArray());
            return new(chain.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, null), leaf.RawData);
        }
        finally
        {
            Array.Clear(text);
            foreach (var certificate in all) certificate.Dispose();
        }
    }
}
