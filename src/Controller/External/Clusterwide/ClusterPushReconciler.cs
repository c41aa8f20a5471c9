using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>ClusterPushSecret → one PushSecret in each chosen namespace, in five steps.</summary>
internal sealed class ClusterPushReconciler(ClusterPushCaches caches, KubeClient kube, Notifier notifier, TimeProvider time) : IReconciler
{
    private const string InTheWay = "push secret already exists in namespace";
    private static readonly TimeSpan StandardInterval = TimeSpan.FromHours(1);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        if (caches.Sources.Cache.Find(key) is not { } source)
        {
            notifier.Tell(ProvisionNews.Gone(ClusterPushSecret.ClusterPushSecretKind, key));
            return ReconcileResult.Done;
        }
        // What it made goes by garbage collection.
        if (source.Metadata.DeletionTimestamp is not null) return ReconcileResult.Done;

        // b  choose
        var chosen = ClusterPushPolicy.Choose(source, caches.Namespaces);

        // c  bring each in line
        var failed = new List<FailedNamespace>();
        foreach (var @namespace in chosen)
        {
            if (await BringInLineAsync(source, @namespace, cancellationToken).ConfigureAwait(false) is { } reason) failed.Add(new FailedNamespace { Namespace = @namespace, Reason = reason });
        }

        // d  take back what is no longer wanted
        foreach (var made in caches.MadeBy(key.Name).Where(made => made.Metadata.Name != source.EffectivePushSecretName || !chosen.Contains(made.Metadata.Namespace)))
        {
            await DeleteAsync(made, cancellationToken).ConfigureAwait(false);
        }

        // e  tell
        var next = ClusterPushStatus.Next(source, [.. chosen.Except(failed.Select(entry => entry.Namespace), StringComparer.Ordinal)], failed, time.GetUtcNow());
        if (next is not null) await kube.UpdateStatusAsync(ExternalKinds.ClusterPushSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false);
        notifier.Tell(ProvisionNews.Of(ClusterPushSecret.ClusterPushSecretKind, key, failed));
        return new ReconcileResult(source.Spec.RefreshTime?.Value is { } interval && interval > TimeSpan.Zero ? interval : StandardInterval);
    }

    /// <returns>Why not.</returns>
    private async Task<string?> BringInLineAsync(ClusterPushSecret source, string @namespace, CancellationToken cancellationToken)
    {
        var present = caches.Find(new NamespacedName(@namespace, source.EffectivePushSecretName));
        if (present is not null && !ClusterPushPolicy.IsMadeBy(present, source.Metadata.Name ?? "")) return InTheWay;
        var next = ClusterPushPolicy.Next(source, @namespace, present);
        if (ReferenceEquals(next, present)) return null;
        try
        {
            if (present is null) await kube.CreateAsync(ExternalKinds.PushSecrets, next, cancellationToken).ConfigureAwait(false);
            else await kube.UpdateAsync(ExternalKinds.PushSecrets, next with { Status = null }, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (KubeApiException refused) when (refused.IsForbidden || refused.IsInvalid || refused.IsNotFound)
        {
            return refused.Message;
        }
    }

    private async Task DeleteAsync(PushSecret made, CancellationToken cancellationToken)
    {
        try
        {
            await kube.DeleteAsync(ExternalKinds.PushSecrets.Resource, ExternalKinds.PushSecrets.Key(made), new DeletePreconditions(made.Metadata.Uid), cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // Somebody was quicker.
        }
    }
}
