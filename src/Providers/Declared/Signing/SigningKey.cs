using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Declared.Signing;

/// <summary>RSA signatures with a key of a store: SHA-256, PKCS #1 v1.5 or PSS.</summary>
internal static class SigningKey
{
    /// <param name="pem">What stands around the key does not matter.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the key is none.</exception>
    public static byte[] Sign(ReadOnlySpan<char> pem, string text, RSASignaturePadding padding)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, padding);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, "the private key to sign with is no RSA key in PEM");
        }
    }
}
