using System.Collections.Immutable;

namespace GitOpsSecrets.LocalCluster.Storage;

internal sealed record StoreSnapshot(ImmutableSortedDictionary<ObjectKey, StoredObject> Objects, long Revision)
{
    public static ImmutableSortedDictionary<ObjectKey, StoredObject> Nothing { get; } = ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty;

    /// <summary>Objects in list order, of one namespace or (empty) of all.</summary>
    public IEnumerable<StoredObject> In(string @namespace) =>
        @namespace.Length == 0 ? Objects.Values : Objects.Values.Where(stored => stored.Key.Namespace == @namespace);
}
