using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers;

/// <summary>Reads what a selector in a store's options names.</summary>
public static class SelectedText
{
    /// <param name="defaultKey">The key when the selector has none; null where it must.</param>
    /// <exception cref="ProviderException">The selector is incomplete, or what it names is not there or not to be read from here.</exception>
    public static async Task<byte[]> ReadBytesAsync(IStoreCluster cluster, SecretKeySelector selector, string? defaultKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(selector);
        if (string.IsNullOrEmpty(selector.Name)) throw new ProviderException(ProviderFailureKind.Invalid, "a Secret reference in the store's options has no name");
        var key = string.IsNullOrEmpty(selector.Key) ? defaultKey : selector.Key;
        if (string.IsNullOrEmpty(key)) throw new ProviderException(ProviderFailureKind.Invalid, $"the reference to Secret \"{selector.Name}\" has no key");
        return await cluster.ReadSecretKeyAsync(selector.Namespace, selector.Name, key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="ReadBytesAsync"/>, as UTF-8 text.</summary>
    /// <exception cref="ProviderException">The selector is incomplete, or what it names is not there or not to be read from here.</exception>
    public static async Task<string> ReadAsync(IStoreCluster cluster, SecretKeySelector selector, string? defaultKey, CancellationToken cancellationToken)
        => Encoding.UTF8.GetString(await ReadBytesAsync(cluster, selector, defaultKey, cancellationToken).ConfigureAwait(false));
}
