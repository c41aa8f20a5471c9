using System.Collections.Concurrent;

namespace GitOpsSecrets.Providers.Fake;

/// <summary>What was pushed to each store of this process. Safe for many threads.</summary>
internal sealed class FakeMemory
{
    private readonly ConcurrentDictionary<(string Kind, string? Namespace, string Name), ConcurrentDictionary<string, byte[]>> stores = new();

    public ConcurrentDictionary<string, byte[]> Of(StoreDescription store) => stores.GetOrAdd((store.Kind, store.Namespace, store.Name), _ => new(StringComparer.Ordinal));
}
