namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// How many passes wait for stores that do not answer: a store, or the stores of one namespace, may keep half of the workers for long, and all together three quarters.
/// Whoever has no room for it goes away, and the worker does something else.
/// </summary>
/// <param name="workers">How many there are.</param>
internal sealed class StoreWaits(int workers, TimeProvider time)
{
    /// <summary>For so long everybody may wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<StoreIdentity, int> byStore = [];
    private readonly Dictionary<string, int> byNamespace = new(StringComparer.Ordinal);
    private readonly int mostOfOne = Math.Max(1, workers / 2);
    private readonly int mostOfAll = Math.Max(1, workers - (workers / 4));
    private int all;

    /// <summary>To be asked before a call is made.</summary>
    /// <exception cref="StoreBusyException">No more can wait for the store.</exception>
    public void Enter(StoreIdentity store)
    {
        lock (gate)
        {
            if (byStore.GetValueOrDefault(store) >= mostOfOne) throw new StoreBusyException();
        }
    }

    /// <param name="namespace">Of whoever waits.</param>
    /// <exception cref="StoreBusyException">It takes long, and there is no room to wait on. The call goes on.</exception>
    public async Task<T> WaitAsync<T>(StoreIdentity store, string @namespace, Task<T> answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Take(store, @namespace);
        }
        try
        {
            return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            GiveBack(store, @namespace);
        }
    }

    private void Take(StoreIdentity store, string @namespace)
    {
        lock (gate)
        {
            if (all >= mostOfAll || byStore.GetValueOrDefault(store) >= mostOfOne || byNamespace.GetValueOrDefault(@namespace) >= mostOfOne) throw new StoreBusyException();
            all++;
            Add(byStore, store, 1);
            Add(byNamespace, @namespace, 1);
        }
    }

    private void GiveBack(StoreIdentity store, string @namespace)
    {
        lock (gate)
        {
            all--;
            Add(byStore, store, -1);
            Add(byNamespace, @namespace, -1);
        }
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int change)
        where TKey : notnull
    {
        var count = counts.GetValueOrDefault(key) + change;
        if (count == 0) counts.Remove(key);
        else counts[key] = count;
    }
}
