using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// Which Secrets and ConfigMaps generators have read: who could not generate for what was in them, or for want of them, looks again when they change. What was generated
/// stays: another credential is no reason for another password.
/// </summary>
internal sealed class GeneratorCredentials
{
    /// <summary>Names are of others' making. Beyond this, all that is lost is that somebody waits for his next try.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(bool IsSecret, NamespacedName Name), bool> read = new();

    public void Read(ClusterRecord record)
    {
        if (read.Count < Most) read.TryAdd((record.IsSecret, record.Name), true);
    }

    public bool Knows(bool isSecret, NamespacedName name) => read.ContainsKey((isSecret, name));
}
