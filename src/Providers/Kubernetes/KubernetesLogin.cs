using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Kubernetes;

/// <summary>Makes a connection of what a store says about its server and credentials.</summary>
internal static class KubernetesLogin
{
    /// <exception cref="ProviderException">Something that the options name is not there or not what it should be.</exception>
    public static async Task<KubernetesConnection> ConnectionAsync(StoreContext context, KubernetesStore options, CancellationToken cancellationToken)
    {
        var cluster = context.Cluster;
        if (options.AuthRef is { } reference)
        {
            var text = await SelectedText.ReadBytesAsync(cluster, reference, null, cancellationToken).ConfigureAwait(false);
            try
            {
                return KubeconfigText.Read(Encoding.UTF8.GetString(text), context.Time);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(text);
            }
        }

        var server = KubernetesRules.AddressOf(options.Server?.Url) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"{KubernetesRules.Root}.server.url is not an address");
        var authorities = await Authorities.ReadAsync(options.Server?.CaBundle, options.Server?.CaProvider, cluster, cancellationToken).ConfigureAwait(false);
        if (options.Auth?.Cert is { } pair)
        {
            var certificate = await SelectedText.ReadAsync(cluster, pair.ClientCert, null, cancellationToken).ConfigureAwait(false);
            var key = await SelectedText.ReadAsync(cluster, pair.ClientKey, null, cancellationToken).ConfigureAwait(false);
            return new(server, authorities, CertificateOf(certificate, key, KubernetesRules.Root + ".auth.cert"), null);
        }

        if (options.Auth?.Token?.BearerToken is { } bearer)
        {
            var text = await SelectedText.ReadAsync(cluster, bearer, null, cancellationToken).ConfigureAwait(false);
            return new(server, authorities, null, KubernetesToken.Of(text.Trim(), context.Time));
        }

        var account = options.Auth?.ServiceAccount ?? throw new ProviderException(ProviderFailureKind.Invalid, $"{KubernetesRules.Root}: no way to log in is given");
        var token = new KubernetesToken(stop => cluster.RequestTokenAsync(account.Namespace, account.Name, account.Audiences ?? [], KubernetesToken.Lifetime, stop), context.Time);
        // At once, so that the cluster knows for whom the store was opened.
        await token.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new(server, authorities, null, token);
    }

    public static X509Certificate2 CertificateOf(string pem, string keyPem, string field)
    {
        try
        {
            return CertificatePair.FromPem(pem, keyPem);
        }
        catch (CryptographicException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{field} is no PEM certificate with its key");
        }
    }
}
