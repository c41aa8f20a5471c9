using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Secrets;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// Follows the key Secrets of the controller's own namespace, by their label and by the name that the one without a label
/// has. As metadata only: the private key is read once, when it is taken into the store.
/// </summary>
internal sealed class SealingKeyWatches
{
    private readonly Informer<PartialObjectMetadata>[] informers;
    private readonly WorkQueue queue;
    private readonly Lock gate = new();
    private readonly HashSet<NamespacedName> unread = [];
    private readonly TaskCompletionSource allRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool listed;

    public SealingKeyWatches(KubeClient kube, ControllerOptions options, WorkQueue queue, TimeProvider time, ILogger logger)
    {
        this.queue = queue;
        var metadata = KubeKind.MetadataOf(ClusterKinds.SecretResource);
        ListQuery[] queries =
        [
            new() { Namespace = options.OwnNamespace, LabelSelector = $"{SealedSecretAnnotations.SealingKeyLabel}={SealedSecretAnnotations.ActiveKey}" },
            new() { Namespace = options.OwnNamespace, FieldSelector = $"metadata.name={options.KeyPrefix}" },
        ];
        informers = [.. queries.Select(query => new Informer<PartialObjectMetadata>(kube, metadata, new InformerOptions<PartialObjectMetadata> { Query = query }, time, logger))];
        foreach (var informer in informers) informer.OnChange(OnChange);
    }

    /// <summary>What the watches show of the Secret, if one does.</summary>
    public PartialObjectMetadata? Find(NamespacedName key) => informers.Select(informer => informer.Cache.Find(key)).FirstOrDefault(found => found is not null);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(informers.Select(informer => informer.RunAsync(cancellationToken)));

    /// <summary>Waits until every key Secret that was there at the start has been looked at, so that no SealedSecret fails for want of one.</summary>
    public async Task WaitForKeysAsync(CancellationToken cancellationToken)
    {
        foreach (var informer in informers) await informer.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        lock (gate) listed = true;
        TellIfAllRead();
        await allRead.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>To be called after each look at a key Secret. One that failed is looked at again; one that may not be read is done with.</summary>
    public void OnWorked(WorkObservation observation)
    {
        if (observation.Outcome is WorkOutcome.Failed or WorkOutcome.Interrupted) return;
        lock (gate) unread.Remove(observation.Key);
        TellIfAllRead();
    }

    private void OnChange(ObjectChange<PartialObjectMetadata> change)
    {
        lock (gate) unread.Add(change.Key);
        queue.Add(change.Key);
    }

    private void TellIfAllRead()
    {
        lock (gate)
        {
            if (listed && unread.Count == 0) allRead.TrySetResult();
        }
    }
}
