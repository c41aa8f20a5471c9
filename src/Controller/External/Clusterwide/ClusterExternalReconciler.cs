using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>ClusterExternalSecret → one ExternalSecret in each chosen namespace, in five steps.</summary>
internal sealed class ClusterExternalReconciler(ClusterExternalCaches caches, KubeClient kube, EventRecorder events, Notifier notifier, TimeProvider time) : IReconciler
{
    private readonly Provisioner<ExternalSecret> provisioner = new(kube, ExternalKinds.ExternalSecrets, made => made.Metadata, (made, metadata) => made with { Metadata = metadata }, ClusterExternalSecret.ClusterExternalSecretKind, caches.Find,
        name => caches.Sources.Cache.Find(new NamespacedName("", name))?.EffectiveExternalSecretName, "external secret already exists in namespace");

    private readonly ProvisionTrouble trouble = new(events, notifier, ExternalSecretNames.GroupV1, ClusterExternalSecret.ClusterExternalSecretKind);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // a  read
        if (caches.Sources.Cache.Find(key) is not { } source)
        {
            notifier.Tell(ProvisionNews.Gone(ClusterExternalSecret.ClusterExternalSecretKind, key));
            return ReconcileResult.Done;
        }
        try
        {
            if (source.Metadata.DeletionTimestamp is not null) return await RetireAsync(source, cancellationToken).ConfigureAwait(false);
            return await PassAsync(key, source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            var now = time.GetUtcNow();
            var next = (source.Status ?? new ClusterExternalSecretStatus()) with { Conditions = trouble.Tell(source.Metadata, source.Status?.Conditions, failure, now), ObservedGeneration = source.Metadata.Generation };
            await kube.UpdateStatusAsync(ExternalKinds.ClusterExternalSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<ReconcileResult> PassAsync(NamespacedName key, ClusterExternalSecret source, CancellationToken cancellationToken)
    {
        // b  choose
        if (ProvisionRules.Problem(source.Spec.NamespaceSelector, source.Spec.NamespaceSelectors, source.Spec.RefreshTime) is { } problem)
        {
            var refused = ClusterExternalStatus.Refused(source, trouble.Refuse(source.Metadata, source.Status?.Conditions, problem, time.GetUtcNow()));
            if (refused is not null) await kube.UpdateStatusAsync(ExternalKinds.ClusterExternalSecrets, source with { Status = refused }, cancellationToken).ConfigureAwait(false);
            return ReconcileResult.Done;
        }
        var chosen = ClusterExternalPolicy.Choose(source, caches.Namespaces);

        // c  bring each in line, d  take back what is no longer wanted
        var wanted = new Provision<ExternalSecret>(key.Name, source.EffectiveExternalSecretName, chosen, caches.MadeBy(key.Name), (at, present) => ClusterExternalPolicy.Next(source, at, present));
        var (failed, again) = await provisioner.ProvisionAsync(wanted, cancellationToken).ConfigureAwait(false);

        // e  tell
        var next = ClusterExternalStatus.Next(source, [.. chosen.Except(failed.Select(entry => entry.Namespace), StringComparer.Ordinal)], failed, time.GetUtcNow());
        if (next is not null) await kube.UpdateStatusAsync(ExternalKinds.ClusterExternalSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false);
        notifier.Tell(ProvisionNews.Of(ClusterExternalSecret.ClusterExternalSecretKind, key, failed));
        return again is not null ? throw again : new ReconcileResult(ProvisionInterval.Of(source.Spec.RefreshTime));
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
