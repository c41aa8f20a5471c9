using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Garbage;

/// <summary>What a real cluster's controller manager does beside the API server, as far as clients see it: follows all writes and reacts.</summary>
internal sealed class ClusterControllers(ObjectStore store, OwnerCollector owners, NamespaceKeeper namespaces, DefinitionKeeper definitions)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var subscription = store.Subscribe(null, store.CompactedRevision)!;
        try
        {
            await foreach (var change in subscription.Changes.ReadAllAsync(cancellationToken))
            {
                namespaces.React(change);
                definitions.React(change);
                owners.React(change);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
