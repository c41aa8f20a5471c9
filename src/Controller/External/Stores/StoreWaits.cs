namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// How many passes wait for stores that do not answer: those of one namespace may keep a quarter of the workers for long, those over one store half, and all together three quarters.
/// So one namespace shuts a store for no other, and one store does not stop what has nothing to do with it. Whoever has no room goes away, and the worker does something else.
/// </summary>
/// <param name="workers">How many there are; <see cref="LeastWorkers"/> or more.</param>
internal sealed class StoreWaits(int workers, TimeProvider time)
{
    /// <summary>One waits, one works. With fewer than four, a quarter of them and half are the same.</summary>
    public const int LeastWorkers = 2;

    /// <summary>For so long everybody may wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<StoreIdentity, int> byStore = [];
    private readonly Dictionary<string, int> byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<(StoreIdentity Store, string Namespace), int> byBoth = [];
    private readonly int mostOfNamespace = Math.Max(1, workers / 4);
    private readonly int mostOfStore = workers / 2;
    private readonly int mostOfAll = workers - Math.Max(1, workers / 4);
    private int all;

    /// <summary>To be asked before a call is made.</summary>
    /// <param name="namespace">Of whoever would wait.</param>
    /// <exception cref="StoreBusyException">No more can wait for the store, or no more of this namespace.</exception>
    public void Enter(StoreIdentity store, string @namespace)
    {
        lock (gate)
        {
            if (byStore.GetValueOrDefault(store) >= mostOfStore || byBoth.GetValueOrDefault((store, @namespace)) >= mostOfNamespace) throw new StoreBusyException();
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
            if (all >= mostOfAll || byStore.GetValueOrDefault(store) >= mostOfStore || byNamespace.GetValueOrDefault(@namespace) >= mostOfNamespace) throw new StoreBusyException();
            Count(store, @namespace, 1);
        }
    }

    private void GiveBack(StoreIdentity store, string @namespace)
    {
        lock (gate)
        {
            Count(store, @namespace, -1);
        }
    }

    private void Count(StoreIdentity store, string @namespace, int change)
    {
        all += change;
        Add(byStore, store, change);
        Add(byNamespace, @namespace, change);
        Add(byBoth, (store, @namespace), change);
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int change)
        where TKey : notnull
    {
        var count = counts.GetValueOrDefault(key) + change;
        if (count == 0) counts.Remove(key);
        else counts[key] = count;
    }
}
