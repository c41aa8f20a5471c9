using System.Security.Cryptography;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing;

/// <summary>The Secret an object opens to, and which keys opened it. Disposing it zeroes the values, so take what you need before.</summary>
public sealed class OpenedSecret : IDisposable
{
    internal OpenedSecret(Secret secret, IReadOnlyDictionary<string, string> itemKeys)
    {
        Secret = secret;
        ItemKeys = itemKeys;
        Fingerprints = [.. itemKeys.Values.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Ready to be written: name, namespace and owner are set, and all values are in <c>data</c>.</summary>
    public Secret Secret { get; }

    /// <summary>Item name → fingerprint of the key that opened it. The legacy form counts as one item named <c>data</c>.</summary>
    public IReadOnlyDictionary<string, string> ItemKeys { get; }

    /// <summary>The keys that were needed, each once, sorted.</summary>
    public IReadOnlyList<string> Fingerprints { get; }

    public void Dispose()
    {
        foreach (var value in Secret.Data?.Values ?? Enumerable.Empty<byte[]?>()) CryptographicOperations.ZeroMemory(value);
    }

    public override string ToString() => Secret.ToString();
}
