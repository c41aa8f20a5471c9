using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Push;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What wakes a ClusterPushSecret: itself, an PushSecret that it made, and namespaces that come, go or get other labels.</summary>
internal sealed class ClusterPushWatches(ClusterPushCaches caches, ExternalCaches shared, PushCaches pushed, WorkQueue queue)
{
    /// <summary>To be called once, before the caches run.</summary>
    public void Connect()
    {
        caches.Sources.OnChange(SourceChanged);
        shared.Namespaces.OnChange(change =>
        {
            if (change is { Old: { } old, New: { } now } && old.Deleting == now.Deleting && old.Labels.SequenceEqual(now.Labels)) return;
            foreach (var key in caches.Sources.Cache.Keys()) queue.Add(key);
        });
        foreach (var sources in pushed.Sources) sources.OnChange(MadeChanged);
    }

    private void SourceChanged(ObjectChange<ClusterPushSecret> change)
    {
        if (change is { Old.Metadata: { } old, New.Metadata: { } now } && old.DeletionTimestamp == now.DeletionTimestamp && IsSame(old, now, withLabels: false)) return;
        queue.Add(change.Key);
    }

    // Also one that stood in the way: whoever wants its name looks again.
    private void MadeChanged(ObjectChange<PushSecret> change)
    {
        if (change is { Old.Metadata: { } old, New.Metadata: { } now } && IsSame(old, now, withLabels: true)) return;
        var name = (change.New ?? change.Old)!.Metadata.Name;
        foreach (var source in caches.Sources.Cache.Snapshot().Where(source => source.EffectivePushSecretName == name || IsMadeBy(change, source)))
        {
            queue.Add(new NamespacedName("", source.Metadata.Name ?? ""));
        }
    }

    private static bool IsSame(ObjectMeta old, ObjectMeta now, bool withLabels)
        => old.Generation == now.Generation
            && (old.Annotations ?? []).SequenceEqual(now.Annotations ?? [])
            && (!withLabels || (old.Labels ?? []).SequenceEqual(now.Labels ?? []));

    private static bool IsMadeBy(ObjectChange<PushSecret> change, ClusterPushSecret source) => ClusterPushPolicy.IsMadeBy((change.New ?? change.Old)!, source.Metadata.Name ?? "");
}
