using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GitOpsSecrets.LocalCluster.Webhooks;

/// <summary>HTTPS that trusts nobody but the given authorities.</summary>
internal static class PinnedHandler
{
    /// <param name="caBundle">PEM in base64; <c>null</c> trusts as the machine does.</param>
    public static SocketsHttpHandler For(string? caBundle)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (caBundle is null) return handler;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(caBundle)));
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        return handler;
    }
}
