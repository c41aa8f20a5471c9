using System.Security.Cryptography.X509Certificates;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>An API server, whom it is trusted to be, and who we are there.</summary>
/// <param name="Server">With the slash at its end.</param>
/// <param name="Authorities">Null trusts the system's.</param>
/// <param name="Certificate">Shown to the server; null shows none.</param>
/// <param name="Token">Asked before each call; null sends none.</param>
internal sealed record KubernetesConnection(Uri Server, X509Certificate2Collection? Authorities, X509Certificate2? Certificate, KubernetesToken? Token)
{
    public override string ToString() => Server.ToString();
}
