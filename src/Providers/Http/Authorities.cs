using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GitOpsSecrets.Providers.Http;

/// <summary>The <c>caBundle</c> and <c>caProvider</c> of a store, which all providers have with one meaning.</summary>
public static class Authorities
{
    public const string DefaultKey = "ca.crt";

    /// <summary>Null when neither is set: the system's authorities count. A bundle goes before a provider.</summary>
    /// <param name="bundle"><c>caBundle</c>: base64 of PEM, or, as people write it, base64 of that.</param>
    /// <param name="provider"><c>caProvider</c>.</param>
    /// <param name="cluster">Where the provider's object is read.</param>
    /// <exception cref="ProviderException">What is named is not there, or holds no certificate.</exception>
    public static async Task<X509Certificate2Collection?> ReadAsync(string? bundle, Api.CaProvider? provider, IStoreCluster cluster, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (!string.IsNullOrEmpty(bundle)) return Parse("caBundle", DecodeBase64(bundle) ?? throw NoCertificate("caBundle"));
        if (provider is null) return null;
        var key = string.IsNullOrEmpty(provider.Key) ? DefaultKey : provider.Key;
        if (provider.Type == Api.CaProvider.ConfigMapType)
        {
            return Parse("caProvider", await cluster.ReadConfigMapKeyAsync(provider.Namespace, provider.Name, key, cancellationToken).ConfigureAwait(false));
        }

        var bytes = await cluster.ReadSecretKeyAsync(provider.Namespace, provider.Name, key, cancellationToken).ConfigureAwait(false);
        try
        {
            return Parse("caProvider", Encoding.UTF8.GetString(bytes));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <param name="field">Where the text is from, for the message.</param>
    public static X509Certificate2Collection Parse(string field, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pem = text.Contains("-----BEGIN", StringComparison.Ordinal) ? text : DecodeBase64(text) ?? text;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw NoCertificate(field);
        }

        return certificates.Count > 0 ? certificates : throw NoCertificate(field);
    }

    private static string? DecodeBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static ProviderException NoCertificate(string field) => new(ProviderFailureKind.Invalid, $"{field} holds no PEM certificate");
}
