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
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool listed;

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
        foreach (var informer in informers) informer.OnChange(change => queue.Add(change.Key));
    }

    /// <summary>Whether one of the watches shows the Secret.</summary>
    public bool Shows(NamespacedName key) => informers.Any(informer => informer.Cache.Find(key) is not null);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(informers.Select(informer => informer.RunAsync(cancellationToken)));

    /// <summary>Waits until every key Secret that was there at the start has been looked at, so that no SealedSecret fails for want of one.</summary>
    public async Task WaitForKeysAsync(CancellationToken cancellationToken)
    {
        foreach (var informer in informers) await informer.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
        listed = true;
        OnWorked();
        await idle.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>To be called after each key Secret that was looked at.</summary>
    public void OnWorked()
    {
        if (listed && queue.Depth + queue.Processing + queue.Waiting == 0) idle.TrySetResult();
    }
}
