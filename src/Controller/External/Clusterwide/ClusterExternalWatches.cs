using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What wakes a ClusterExternalSecret: itself, an ExternalSecret that it made, and namespaces that come, go or get other labels.</summary>
internal sealed class ClusterExternalWatches(ClusterExternalCaches caches, ExternalCaches shared, WorkQueue queue)
{
    /// <summary>To be called once, before the caches run.</summary>
    public void Connect()
    {
        caches.Sources.OnChange(change =>
        {
            if (change is { Old: { } old, New: { } now } && old.Metadata.Generation == now.Metadata.Generation && old.Metadata.DeletionTimestamp == now.Metadata.DeletionTimestamp
                && (old.Metadata.Annotations ?? []).SequenceEqual(now.Metadata.Annotations ?? [])) return;
            queue.Add(change.Key);
        });
        shared.Namespaces.OnChange(change =>
        {
            if (change is { Old: { } old, New: { } now } && old.Deleting == now.Deleting && old.Labels.SequenceEqual(now.Labels)) return;
            foreach (var key in caches.Sources.Cache.Keys()) queue.Add(key);
        });
        foreach (var sources in shared.Sources)
        {
            sources.OnChange(change =>
            {
                // Also one that stood in the way: whoever wants its name looks again.
                var name = (change.New ?? change.Old)!.Metadata.Name;
                if (change is { Old: { } old, New: { } now } && old.Metadata.Generation == now.Metadata.Generation && (old.Metadata.Labels ?? []).SequenceEqual(now.Metadata.Labels ?? [])
                    && (old.Metadata.Annotations ?? []).SequenceEqual(now.Metadata.Annotations ?? [])) return;
                foreach (var source in caches.Sources.Cache.Snapshot().Where(source => source.EffectiveExternalSecretName == name || IsMadeBy(change, source))) queue.Add(new NamespacedName("", source.Metadata.Name ?? ""));
            });
        }
    }

    private static bool IsMadeBy(ObjectChange<ExternalSecret> change, ClusterExternalSecret source) => ClusterExternalPolicy.IsMadeBy((change.New ?? change.Old)!, source.Metadata.Name ?? "");
}
