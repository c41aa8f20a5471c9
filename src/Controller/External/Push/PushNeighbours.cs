using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Other PushSecrets of the same place: what one takes back, another may want there.</summary>
internal sealed class PushNeighbours(PushCaches caches, PushLedger ledger, Action<NamespacedName> wake)
{
    public void TakenBack(PushSecret by, string store, PushSecretData data)
    {
        var isClusterWide = store.StartsWith(ClusterSecretStore.ClusterSecretStoreKind + "/", StringComparison.Ordinal);
        foreach (var other in caches.All)
        {
            if (other.Metadata.Uid == by.Metadata.Uid || other.Metadata.DeletionTimestamp is not null || (!isClusterWide && other.Metadata.Namespace != by.Metadata.Namespace)) continue;
            var key = ExternalKinds.PushSecrets.Key(other);
            if (ledger.Lying(key, other).GetValueOrDefault(store)?.Values.Any(wanted => wanted.Match.RemoteRef.RemoteKey == data.Match.RemoteRef.RemoteKey) != true) continue;
            ledger.Disturb(key);
            wake(key);
        }
    }
}
