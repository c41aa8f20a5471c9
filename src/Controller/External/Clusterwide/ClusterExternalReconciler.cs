using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>ClusterExternalSecret → one ExternalSecret in each chosen namespace, in five steps.</summary>
internal sealed class ClusterExternalReconciler(ClusterExternalCaches caches, KubeClient kube, Notifier notifier, TimeProvider time) : IReconciler
{
    private const string InTheWay = "external secret already exists in namespace";
    private static readonly TimeSpan StandardInterval = TimeSpan.FromHours(1);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        if (caches.Sources.Cache.Find(key) is not { } source)
        {
            notifier.Tell(ProvisionNews.Gone(ClusterExternalSecret.ClusterExternalSecretKind, key));
            return ReconcileResult.Done;
        }
        if (source.Metadata.DeletionTimestamp is not null) return await RetireAsync(source, cancellationToken).ConfigureAwait(false);

        // b  choose
        var chosen = ClusterExternalPolicy.Choose(source, caches.Namespaces);

        // c  bring each in line
        var failed = new List<FailedNamespace>();
        foreach (var @namespace in chosen)
        {
            if (await BringInLineAsync(source, @namespace, cancellationToken).ConfigureAwait(false) is { } reason) failed.Add(new FailedNamespace { Namespace = @namespace, Reason = reason });
        }

        // d  take back what is no longer wanted
        foreach (var made in caches.MadeBy(key.Name).Where(made => made.Metadata.Name != source.EffectiveExternalSecretName || !chosen.Contains(made.Metadata.Namespace)))
        {
            await DeleteAsync(made, cancellationToken).ConfigureAwait(false);
        }

        // e  tell
        var next = ClusterExternalStatus.Next(source, [.. chosen.Except(failed.Select(entry => entry.Namespace), StringComparer.Ordinal)], failed, time.GetUtcNow());
        if (next is not null) await kube.UpdateStatusAsync(ExternalKinds.ClusterExternalSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false);
        notifier.Tell(ProvisionNews.Of(ClusterExternalSecret.ClusterExternalSecretKind, key, failed));
        return new ReconcileResult(source.Spec.RefreshTime?.Value is { } interval && interval > TimeSpan.Zero ? interval : StandardInterval);
    }

    /// <returns>Why not.</returns>
    private async Task<string?> BringInLineAsync(ClusterExternalSecret source, string @namespace, CancellationToken cancellationToken)
    {
        var present = caches.Find(new NamespacedName(@namespace, source.EffectiveExternalSecretName));
        if (present is not null && !ClusterExternalPolicy.IsMadeBy(present, source.Metadata.Name ?? "")) return InTheWay;
        var next = ClusterExternalPolicy.Next(source, @namespace, present);
        if (ReferenceEquals(next, present)) return null;
        try
        {
            if (present is null) await kube.CreateAsync(ExternalKinds.ExternalSecrets, next, cancellationToken).ConfigureAwait(false);
            else await kube.UpdateAsync(ExternalKinds.ExternalSecrets, next with { Status = null }, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (KubeApiException refused) when (refused.IsForbidden || refused.IsInvalid || refused.IsNotFound)
        {
            return refused.Message;
        }
    }

    private async Task DeleteAsync(ExternalSecret made, CancellationToken cancellationToken)
    {
        try
        {
            await kube.DeleteAsync(ExternalKinds.ExternalSecrets.Resource, ExternalKinds.ExternalSecrets.Key(made), new DeletePreconditions(made.Metadata.Uid), cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            // Somebody was quicker.
        }
    }

    /// <summary>We put no finalizer on it: what it made goes by garbage collection. One that the original left is taken off.</summary>
    private async Task<ReconcileResult> RetireAsync(ClusterExternalSecret source, CancellationToken cancellationToken)
    {
        if (source.Metadata.Finalizers?.Contains(ExternalSecretNames.ClusterExternalSecretFinalizer) != true) return ReconcileResult.Done;
        var rest = source.Metadata.Finalizers.Where(finalizer => finalizer != ExternalSecretNames.ClusterExternalSecretFinalizer);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = source.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. rest.Select(finalizer => (JsonNode)finalizer)]),
            },
        };
        await kube.PatchAsync(ExternalKinds.ClusterExternalSecrets, new NamespacedName("", source.Metadata.Name ?? ""), patch, cancellationToken).ConfigureAwait(false);
        return ReconcileResult.Done;
    }
}
