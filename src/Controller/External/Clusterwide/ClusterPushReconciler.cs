using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>ClusterPushSecret → one PushSecret in each chosen namespace, in five steps.</summary>
internal sealed class ClusterPushReconciler(ClusterPushCaches caches, KubeClient kube, EventRecorder events, Notifier notifier, TimeProvider time) : IReconciler
{
    private readonly Provisioner<PushSecret> provisioner = new(kube, ExternalKinds.PushSecrets, made => made.Metadata, (made, metadata) => made with { Metadata = metadata }, ClusterPushSecret.ClusterPushSecretKind, caches.Find,
        name => caches.Sources.Cache.Find(new NamespacedName("", name))?.EffectivePushSecretName, "push secret already exists in namespace");

    private readonly ProvisionTrouble trouble = new(events, notifier, ExternalSecretNames.GroupV1Alpha1, ClusterPushSecret.ClusterPushSecretKind);

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
        try
        {
            return await PassAsync(key, source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (InternalError.Is(failure, cancellationToken))
        {
            var now = time.GetUtcNow();
            var next = (source.Status ?? new ClusterPushSecretStatus()) with { Conditions = trouble.Tell(source.Metadata, source.Status?.Conditions, failure, now), ObservedGeneration = source.Metadata.Generation };
            await kube.UpdateStatusAsync(ExternalKinds.ClusterPushSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<ReconcileResult> PassAsync(NamespacedName key, ClusterPushSecret source, CancellationToken cancellationToken)
    {
        // b  choose
        if (ProvisionRules.Problem(null, source.Spec.NamespaceSelectors, source.Spec.RefreshTime) is { } problem)
        {
            var refused = ClusterPushStatus.Refused(source, trouble.Refuse(source.Metadata, source.Status?.Conditions, problem, time.GetUtcNow()));
            if (refused is not null) await kube.UpdateStatusAsync(ExternalKinds.ClusterPushSecrets, source with { Status = refused }, cancellationToken).ConfigureAwait(false);
            return ReconcileResult.Done;
        }
        var chosen = ClusterPushPolicy.Choose(source, caches.Namespaces);

        // c  bring each in line, d  take back what is no longer wanted
        var wanted = new Provision<PushSecret>(key.Name, source.EffectivePushSecretName, chosen, caches.MadeBy(key.Name), (at, present) => ClusterPushPolicy.Next(source, at, present));
        var (failed, again) = await provisioner.ProvisionAsync(wanted, cancellationToken).ConfigureAwait(false);

        // e  tell
        var next = ClusterPushStatus.Next(source, [.. chosen.Except(failed.Select(entry => entry.Namespace), StringComparer.Ordinal)], failed, time.GetUtcNow());
        if (next is not null) await kube.UpdateStatusAsync(ExternalKinds.ClusterPushSecrets, source with { Status = next }, cancellationToken).ConfigureAwait(false);
        notifier.Tell(ProvisionNews.Of(ClusterPushSecret.ClusterPushSecretKind, key, failed));
        return again is not null ? throw again : new ReconcileResult(ProvisionInterval.Of(source.Spec.RefreshTime));
    }
}
