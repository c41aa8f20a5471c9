using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What wakes an object that makes others in many namespaces: itself, one that it made or that has the name it wants, and namespaces that come, go or get other labels.</summary>
/// <param name="ofSource">Metadata of a cluster-wide object.</param>
/// <param name="nameOf">What its objects are called.</param>
/// <param name="ofMade">Metadata of such an object.</param>
internal sealed class ClusterwideWatches<TSource, TMade>(Informer<TSource> sources, string sourceKind, Func<TSource, ObjectMeta> ofSource, Func<TSource, string> nameOf, Func<TMade, ObjectMeta> ofMade, WorkQueue queue)
    where TSource : class
    where TMade : class
{
    /// <summary>To be called once, before the caches run.</summary>
    public void Connect(Informer<PartialObjectMetadata> namespaces, IEnumerable<Informer<TMade>> made)
    {
        sources.OnChange(SourceChanged);
        namespaces.OnChange(change =>
        {
            if (change is { Old: { } old, New: { } now } && old.Deleting == now.Deleting && old.Labels.SequenceEqual(now.Labels)) return;
            foreach (var key in sources.Cache.Keys()) queue.Add(key);
        });
        foreach (var informer in made) informer.OnChange(MadeChanged);
    }

    private void SourceChanged(ObjectChange<TSource> change)
    {
        if (change is { Old: { } before, New: { } after } && ofSource(before) is var old && ofSource(after) is var now
            && old.DeletionTimestamp == now.DeletionTimestamp && IsSame(old, now, withLabels: false)) return;
        queue.Add(change.Key);
    }

    // Also one that stood in the way: whoever wants its name looks again.
    private void MadeChanged(ObjectChange<TMade> change)
    {
        if (change is { Old: { } old, New: { } now } && IsSame(ofMade(old), ofMade(now), withLabels: true)) return;
        var made = ofMade((change.New ?? change.Old)!);
        foreach (var source in sources.Cache.Snapshot())
        {
            var name = ofSource(source).Name ?? "";
            if (nameOf(source) == made.Name || ProvisionMetadata.IsMadeBy(made, sourceKind, name)) queue.Add(new NamespacedName("", name));
        }
    }

    private static bool IsSame(ObjectMeta old, ObjectMeta now, bool withLabels)
        => old.Generation == now.Generation
            && (old.Annotations ?? []).SequenceEqual(now.Annotations ?? [])
            && (!withLabels || (old.Labels ?? []).SequenceEqual(now.Labels ?? []));
}
