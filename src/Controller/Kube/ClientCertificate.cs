using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;
using k8s;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>The certificate with which a kubeconfig says who we are.</summary>
internal static class ClientCertificate
{
    /// <returns><c>null</c> when the configuration has none.</returns>
    /// <exception cref="FormatException">Not base64.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">No certificate, or not the key of it.</exception>
    public static X509Certificate2? Load(KubernetesClientConfiguration configuration)
    {
        var certificate = Text(configuration.ClientCertificateData, configuration.ClientCertificateFilePath);
        var key = Text(configuration.ClientCertificateKeyData, configuration.ClientKeyFilePath);
        return certificate is null || key is null ? null : CertificatePair.FromPem(certificate, key);
    }

    /// <summary>Data in the kubeconfig wins over a file, as in kubectl.</summary>
    private static string? Text(string? base64, string? path) =>
        !string.IsNullOrWhiteSpace(base64) ? Encoding.UTF8.GetString(Convert.FromBase64String(base64))
        : !string.IsNullOrWhiteSpace(path) ? File.ReadAllText(path)
        : null;
}
