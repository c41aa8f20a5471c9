using System.Globalization;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>A key as it lies in the cluster: a Secret with <c>tls.key</c> (PEM, RSA) and <c>tls.crt</c> (PEM, the first one counts).</summary>
internal static class SealingKeySecret
{
    public const string SecretType = "kubernetes.io/tls";
    public const string KeyItem = "tls.key";
    public const string CertificateItem = "tls.crt";

    /// <returns>The key, or what is wrong with the Secret.</returns>
    public static (SealingKey? Key, string? Problem) Read(Secret secret, KeyOrderPriority order, bool allowExampleKey)
    {
        if (Text(secret, KeyItem) is not { } keyPem) return (null, $"it has no item {KeyItem}");
        if (Text(secret, CertificateItem) is not { } certificatePem) return (null, $"it has no item {CertificateItem}");
        if (!SealingCertificate.TryLoad(certificatePem, out var certificate, out var failure)) return (null, $"{CertificateItem}: {failure.Message}");
        if (ExamplePair.Is(certificate) && !allowExampleKey)
        {
            return (null, "it is the public example pair, whose private key everybody has; --allow-example-key is for trying out only");
        }
        if (!SealingPrivateKey.TryLoad(keyPem, out var privateKey, out failure)) return (null, $"{KeyItem}: {failure.Message}");
        if (SealingKey.TryCreate(privateKey, certificate, OrderingTime(secret, certificate, order), out var key, out failure)) return (key, null);
        privateKey.Dispose();
        return (null, failure.Message);
    }

    /// <summary>The Secret to store a new key in. The API server completes the name.</summary>
    public static Secret Write(GeneratedSealingKey key, ControllerOptions options)
    {
        var labels = new SortedDictionary<string, string>(options.PrivateKeyLabels, StringComparer.Ordinal)
        {
            [SealedSecretAnnotations.SealingKeyLabel] = SealedSecretAnnotations.ActiveKey,
        };
        return new Secret
        {
            Metadata = new ObjectMeta
            {
                GenerateName = options.KeyPrefix,
                Namespace = options.OwnNamespace,
                Labels = labels,
                Annotations = options.PrivateKeyAnnotations.Count > 0 ? options.PrivateKeyAnnotations : null,
            },
            Type = SecretType,
            Data = new(StringComparer.Ordinal)
            {
                [KeyItem] = key.PrivateKeyPem,
                [CertificateItem] = Encoding.ASCII.GetBytes(key.CertificatePem),
            },
        };
    }

    private static DateTimeOffset OrderingTime(Secret secret, SealingCertificate certificate, KeyOrderPriority order) =>
        order == KeyOrderPriority.SecretCreationTimestamp
        && DateTimeOffset.TryParse(secret.Metadata.CreationTimestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
            ? created
            : certificate.NotBefore;

    private static string? Text(Secret secret, string item) =>
        secret.Data is not null && secret.Data.TryGetValue(item, out var bytes) && bytes is { Length: > 0 } ? Encoding.ASCII.GetString(bytes) : null;
}
