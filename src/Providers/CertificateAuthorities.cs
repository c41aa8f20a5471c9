using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers;

/// <summary>The certificate authorities that a store's <c>caBundle</c> or <c>caProvider</c> trusts in place of the system's.</summary>
public static class CertificateAuthorities
{
    /// <param name="bundle">PEM in base64; base64 of that again is read too, as the original does. It counts before <paramref name="provider"/>.</param>
    /// <returns>Null where neither is set: the system's authorities are trusted.</returns>
    /// <exception cref="ProviderException">There is no certificate in it, or it cannot be read.</exception>
    public static async Task<X509Certificate2Collection?> ReadAsync(IStoreCluster cluster, string? bundle, CaProvider? provider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (!string.IsNullOrEmpty(bundle)) return Parse(Decoded(bundle), "caBundle");
        if (provider is null) return null;
        if (string.IsNullOrEmpty(provider.Key)) throw new ProviderException(ProviderFailureKind.Invalid, $"caProvider \"{provider.Name}\" has no key");
        var text = provider.Type == "ConfigMap"
            ? await cluster.ReadConfigMapKeyAsync(provider.Namespace, provider.Name, provider.Key, cancellationToken).ConfigureAwait(false)
            : Encoding.UTF8.GetString(await cluster.ReadSecretKeyAsync(provider.Namespace, provider.Name, provider.Key, cancellationToken).ConfigureAwait(false));
        return Parse(IsPem(text) ? text : Decoded(text), $"caProvider {provider.Type} \"{provider.Name}\", key \"{provider.Key}\"");
    }

    private static string Decoded(string bundle)
    {
        var text = bundle;
        for (var times = 0; times < 2 && !IsPem(text); times++)
        {
            var buffer = new byte[text.Length];
            if (!Convert.TryFromBase64String(text.Trim(), buffer, out var length)) break;
            text = Encoding.UTF8.GetString(buffer, 0, length);
        }
        return text;
    }

    private static bool IsPem(string text) => text.Contains("-----BEGIN ", StringComparison.Ordinal);

    private static X509Certificate2Collection Parse(string pem, string where)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{where} holds a certificate that cannot be read", e);
        }
        return authorities.Count > 0 ? authorities : throw new ProviderException(ProviderFailureKind.Invalid, $"{where} holds no PEM certificate");
    }
}
