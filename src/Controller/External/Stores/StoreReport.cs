using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>Finding → status and events. What did not change is neither written nor told again; what fails is counted up.</summary>
internal sealed class StoreReport(KubeClient kube, EventRecorder namespaced, EventRecorder cluster, TimeProvider time, ILogger logger)
{
    private volatile bool keepsOurFields = true;

    public async Task ReportAsync(Store store, StoreFinding finding, bool isMaintained, CancellationToken cancellationToken)
    {
        // As of an ExternalSecret.
        if (store.Status?.ObservedGeneration is not null) keepsOurFields = true;
        var next = StoreStatus.Next(store.Status, keepsOurFields ? store.Metadata.Generation : store.Status?.ObservedGeneration, finding, time.GetUtcNow());
        var changed = StoreStatus.Changed(store.Status, next);
        // First the status: one that met a conflict is looked at again, and would be told again.
        if (changed && !await WriteAsync(store, next, cancellationToken).ConfigureAwait(false)) return;
        if (finding.Reason == StoreFinding.Valid)
        {
            if (changed) Tell(store, EventType.Normal, StoreFinding.Valid, StoreFinding.Validated);
        }
        else if (changed || !finding.IsReady)
        {
            Tell(store, EventType.Warning, finding.Reason, finding.Cause.Length == 0 ? finding.Message : finding.Cause);
            ExternalLog.StoreFailed(logger, store.Identity.Kind, store.IsClusterWide ? store.Identity.Name.Name : store.Identity.Name.ToString(), finding.FullMessage);
        }
        if (changed && !isMaintained) Tell(store, EventType.Warning, "StoreUnmaintained", "store isn't currently maintained. Please plan and prepare accordingly.");
    }

    /// <returns><c>false</c> when the store is gone.</returns>
    private async Task<bool> WriteAsync(Store store, SecretStoreStatus status, CancellationToken cancellationToken)
    {
        try
        {
            var written = store.IsClusterWide
                ? (await kube.UpdateStatusAsync(ExternalKinds.ClusterSecretStores, new ClusterSecretStore { Metadata = store.Metadata, Spec = store.Spec, Status = status }, cancellationToken).ConfigureAwait(false)).Status
                : (await kube.UpdateStatusAsync(ExternalKinds.SecretStores, new SecretStore { Metadata = store.Metadata, Spec = store.Spec, Status = status }, cancellationToken).ConfigureAwait(false)).Status;
            if (written?.ObservedGeneration != status.ObservedGeneration) keepsOurFields = false;
            return true;
        }
        catch (KubeApiException refused) when (refused.IsNotFound)
        {
            // Deleted meanwhile: the event of that wakes it again. A conflict is tried again: it may be with our own last status, which wakes nobody.
            return false;
        }
    }

    private void Tell(Store store, EventType type, string reason, string message) =>
        (store.IsClusterWide ? cluster : namespaced).Record(EventSubject.Of(ExternalSecretNames.GroupV1, store.Identity.Kind, store.Metadata), type, reason, message);
}
