using System.Collections.Concurrent;

namespace GitOpsSecrets.Providers.Aws.CertificateManager;

/// <summary>Addresses of certificates that were imported a while ago or just now: tags can be searched some time after they were set only, and a second import would make a second certificate.</summary>
internal sealed class CertificateAddresses
{
    private const int Most = 512;
    private readonly ConcurrentDictionary<string, string> byKey = new(StringComparer.Ordinal);

    public string? Find(string key) => byKey.GetValueOrDefault(key);

    public void Remember(string key, string arn)
    {
        // By then the tags of the older ones can be found.
        if (byKey.Count >= Most) byKey.Clear();
        byKey[key] = arn;
    }

    public void Forget(string key) => byKey.TryRemove(key, out _);
}
