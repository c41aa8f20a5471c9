using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// A store, opened with one identity; lives across reconciles. Who uses it holds it: a store that was changed, or whose credentials were, is closed when
/// the last user is through. When the store is gone or is another, they are through at once.
/// </summary>
internal sealed class OpenedStore(long number, string uid, long generation, ISecretSource source, StoreCluster cluster, StoreGate door) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource life = new();
    private int holders = 1;
    private bool retired;

    public long Number => number;

    public ISecretSource Source => source;

    public StoreCluster Cluster => cluster;

    public StoreGate Door => door;

    /// <summary>Held while a call for several keys is put together, so that two callers do not make two half-empty ones.</summary>
    public Lock Gathering { get; } = new();

    /// <summary>Cancelled when the store is gone or is another, or nobody uses it any more.</summary>
    public CancellationToken Life => life.Token;

    public bool IsRetired
    {
        get { lock (gate) return retired; }
    }

    /// <summary>Whether it is the store as it is now.</summary>
    public bool IsOf(Store store) => store.Metadata.Uid == uid && (store.Metadata.Generation ?? 0) == generation;

    public bool TryHold()
    {
        lock (gate)
        {
            if (retired) return false;
            holders++;
            return true;
        }
    }

    /// <summary>Takes no new users.</summary>
    /// <returns><c>false</c> when it was retired already.</returns>
    public bool Retire()
    {
        lock (gate)
        {
            if (retired) return false;
            retired = true;
        }
        return true;
    }

    /// <summary>Calls under way end. For a holder.</summary>
    public Task BreakOffAsync() => life.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (--holders > 0) return;
        }
        await life.CancelAsync().ConfigureAwait(false);
        await source.DisposeAsync().ConfigureAwait(false);
        life.Dispose();
    }
}
