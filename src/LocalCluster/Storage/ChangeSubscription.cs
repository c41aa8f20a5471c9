using System.Threading.Channels;

namespace GitOpsSecrets.LocalCluster.Storage;

/// <summary>The writes to one collection, in order, none left out. Dispose to stop.</summary>
internal sealed class ChangeSubscription(string? collection, ObjectStore store) : IDisposable
{
    private readonly Channel<ObjectChange> changes = Channel.CreateUnbounded<ObjectChange>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<ObjectChange> Changes => changes.Reader;

    public void Offer(ObjectChange change)
    {
        if (collection is null || change.Object.Collection == collection) changes.Writer.TryWrite(change);
    }

    public void Dispose()
    {
        store.Unsubscribe(this);
        changes.Writer.TryComplete();
    }
}
