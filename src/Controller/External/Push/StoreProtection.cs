using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Stores;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>
/// Holds a store by the original's finalizer while a PushSecret that deletes what it pushed depends on it: without the store it could not. As soon as none does,
/// the finalizer goes, whoever put it there.
/// </summary>
internal sealed class StoreProtection(PushCaches caches, ExternalCaches shared, PushLedger ledger, KubeClient kube) : IReconciler
{
    private static readonly TimeSpan AnotherLook = TimeSpan.FromMinutes(1);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var kind = key.Namespace.Length == 0 ? ClusterSecretStore.ClusterSecretStoreKind : SecretStore.SecretStoreKind;
        if (shared.FindStore(new StoreIdentity(kind, key)) is not { } store || shared.Stores.IsForeign(store.Spec.Controller)) return ReconcileResult.Done;
        var isHeld = store.Metadata.Finalizers?.Contains(ExternalSecretNames.SecretStoreFinalizer) == true;
        var isWanted = IsWanted(store);
        if (isHeld == isWanted || (isWanted && store.Metadata.DeletionTimestamp is not null)) return ReconcileResult.Done;
        // Who needs it may be in a namespace that is out of reach yet.
        if (!isWanted && !caches.IsWhole) return new ReconcileResult(AnotherLook);
        var rest = (store.Metadata.Finalizers ?? []).Where(finalizer => finalizer != ExternalSecretNames.SecretStoreFinalizer);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = store.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. (isWanted ? rest.Append(ExternalSecretNames.SecretStoreFinalizer) : rest).Select(finalizer => (JsonNode)finalizer)]),
            },
        };
        try
        {
            if (store.IsClusterWide) await kube.PatchAsync(ExternalKinds.ClusterSecretStores, key, patch, cancellationToken).ConfigureAwait(false);
            else await kube.PatchAsync(ExternalKinds.SecretStores, key, patch, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeApiException refused) when (refused.IsNotFound || refused.IsConflict)
        {
            // Gone, or changed meanwhile: its event wakes it again.
        }
        return ReconcileResult.Done;
    }

    /// <summary>A store on its way out is held for what still lies there only, since nothing more is pushed to it.</summary>
    private bool IsWanted(Store store) => caches.All.Any(source =>
        source.Spec.EffectiveDeletionPolicy == PushSecretSpec.Delete
        && (store.IsClusterWide || source.Metadata.Namespace == store.Identity.Name.Namespace)
        && (ledger.Lying(ExternalKinds.PushSecrets.Key(source), source).ContainsKey(PushStores.KeyOf(store.Identity))
            || (store.Metadata.DeletionTimestamp is null && source.Spec.SecretStoreRefs.Any(reference => PushPolicy.Names(reference, store.Identity, PushStores.LabelsOf(store))))));
}
