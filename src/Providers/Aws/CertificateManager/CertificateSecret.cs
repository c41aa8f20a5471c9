using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>A certificate with its chain and its key in clear: together as one text of PEM, or apart under the names of a Secret of the type <c>kubernetes.io/tls</c>.</summary>
/// <param name="name">The remote key, for messages.</param>
/// <param name="certificates">The certificate and its chain; taken over.</param>
/// <param name="key">Taken over.</param>
internal sealed class CertificateSecret(string name, byte[] certificates, byte[] key) : RemoteSecret
{
    public override long Size => certificates.Length + key.Length;

    public override byte[]? Value(string? property)
    {
        ThrowIfDisposed();
        return property switch
        {
            null or "" => [.. certificates, .. key],
            CertificateBundle.CertificateItem => [.. certificates],
            CertificateBundle.KeyItem => [.. key],
            _ => throw new ProviderException(ProviderFailureKind.Invalid, $"key {property} does not exist in certificate {name}: {CertificateBundle.CertificateItem} and {CertificateBundle.KeyItem} do"),
        };
    }

    public override SecretValues? Values(string? property)
    {
        ThrowIfDisposed();
        if (!string.IsNullOrEmpty(property)) throw new ProviderException(ProviderFailureKind.Invalid, $"certificate {name}, property {property}, is not a set of keys and values");
        var values = new SecretValues();
        values.Set(CertificateBundle.CertificateItem, [.. certificates]);
        values.Set(CertificateBundle.KeyItem, [.. key]);
        return values;
    }

    public override string ToString() => $"certificate {name}";

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(key);
}
