using System.Security.Cryptography;

namespace GitOpsSecrets.Sealing;

/// <summary>A new key as it is stored: <c>tls.key</c> and <c>tls.crt</c>. Disposing it zeroes the private key.</summary>
public sealed class GeneratedSealingKey : IDisposable
{
    private readonly byte[] privateKeyPem;

    internal GeneratedSealingKey(byte[] privateKeyPem, string certificatePem)
    {
        // Text files end with a newline; the array that came without is zeroed, not left behind.
        this.privateKeyPem = [.. privateKeyPem, (byte)'\n'];
        CryptographicOperations.ZeroMemory(privateKeyPem);
        CertificatePem = certificatePem;
    }

    /// <summary>PEM, <c>RSA PRIVATE KEY</c> (PKCS#1), ASCII. Zeroed on disposal.</summary>
    public byte[] PrivateKeyPem => privateKeyPem;

    /// <summary>PEM with a newline at its end.</summary>
    public string CertificatePem { get; }

    public void Dispose() => CryptographicOperations.ZeroMemory(privateKeyPem);

    public override string ToString() => "generated sealing key";
}
