using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// Signs in the name of an application with its certificate, for one login
/// (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
/// </summary>
internal static class AzureAssertion
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <param name="pemOrPfx">The certificate and its RSA key: PEM, or PKCS#12 without a password.</param>
    /// <param name="endpoint">The token endpoint that it is shown to.</param>
    /// <param name="isDirectoryServer">AD FS knows the older form only.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: no certificate, or one without an RSA key.</exception>
    public static string Sign(byte[] pemOrPfx, string client, Uri endpoint, bool isDirectoryServer, DateTimeOffset now)
    {
        using var certificate = Load(pemOrPfx);
        using var key = certificate.GetRSAPrivateKey() ?? throw NoCertificate();
        var header = isDirectoryServer
            ? Part(writer => Strings(writer, ("alg", "RS256"), ("typ", "JWT"), ("x5t", Base64Url.EncodeToString(certificate.GetCertHash()))))
            : Part(writer => Strings(writer, ("alg", "PS256"), ("typ", "JWT"), ("x5t#S256", Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256)))));
        var payload = Part(writer =>
        {
            Strings(writer, ("aud", endpoint.AbsoluteUri), ("iss", client), ("sub", client), ("jti", Guid.NewGuid().ToString()));
            writer.WriteNumber("nbf", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
        });
        var signed = $"{header}.{payload}";
        var padding = isDirectoryServer ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, padding))}";
    }

    private static X509Certificate2 Load(byte[] bytes)
    {
        try
        {
            if (bytes.AsSpan().IndexOf("-----BEGIN"u8) < 0) return X509CertificateLoader.LoadPkcs12(bytes, null, X509KeyStorageFlags.EphemeralKeySet);
            var pem = Encoding.UTF8.GetString(bytes);
            return CertificatePair.FromPem(pem, pem);
        }
        catch (CryptographicException)
        {
            throw NoCertificate();
        }
    }

    private static ProviderException NoCertificate()
        => new(ProviderFailureKind.Invalid, "the client certificate of the Azure application is neither PEM with an RSA key nor PKCS#12 without a password");

    private static string Part(Action<Utf8JsonWriter> write)
    {
        using var text = new SecretBuffer();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Base64Url.EncodeToString(text.Written);
    }

    private static void Strings(Utf8JsonWriter writer, params (string Name, string Value)[] members)
    {
        foreach (var (name, value) in members) writer.WriteString(name, value);
    }
}
