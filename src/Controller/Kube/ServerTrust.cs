using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Whose certificates are accepted as the API server's, and what was wrong with one that was not: the exception has that as text alone.</summary>
/// <param name="configuration">Names the authorities.</param>
/// <param name="name">What the certificate has to be made out to.</param>
internal sealed class ServerTrust(KubernetesClientConfiguration configuration, string name)
{
    private const X509ChainStatusFlags Unknown = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;
    private const X509ChainStatusFlags Untimely = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested;

    private volatile string? distrust;

    /// <summary>What was wrong with the certificate that was shown last, in our own words; <c>null</c> when it was right.</summary>
    public string? Distrust => distrust;

    private bool HasAuthorities => configuration.SslCaCerts is { Count: > 0 };

    public void Configure(SslClientAuthenticationOptions tls)
    {
        if (configuration.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            return;
        }

        if (HasAuthorities)
        {
            // The policy replaces whom to trust, and leaves the check of the host name to TLS.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(configuration.SslCaCerts);
            tls.CertificateChainPolicy = policy;
        }

        // What TLS found wrong decides, as it does without a callback; here it is noted besides.
        tls.RemoteCertificateValidationCallback = (_, _, chain, errors) =>
        {
            distrust = errors == SslPolicyErrors.None ? null : Describe(errors, chain);
            return errors == SslPolicyErrors.None;
        };
    }

    private string Describe(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "it shows no certificate";
        var found = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) found.Add(Describe(chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? 0));
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) found.Add($"its certificate is not made out to {name}");
        return string.Join(", and ", found);
    }

    private string Describe(X509ChainStatusFlags flags) => flags switch
    {
        _ when (flags & Unknown) != 0 && HasAuthorities => "its certificate is not from the authority that the kubeconfig or the service account names",
        _ when (flags & Unknown) != 0 => "its certificate is from no authority that this machine trusts, and the kubeconfig names none",
        _ when (flags & Untimely) != 0 => "its certificate, or that of its authority, has expired or is not valid yet by this machine's clock",
        _ => $"its certificate is not accepted ({flags})",
    };
}
