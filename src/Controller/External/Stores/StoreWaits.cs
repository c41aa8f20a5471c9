using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// How many passes wait for a store that does not answer: a few of each namespace, so that the namespace has some of its <see cref="LongPasses"/> left for its other stores, and not
/// many in all. Whoever has no room goes away before the store is asked for anything.
/// </summary>
internal sealed class StoreWaits(TimeProvider time)
{
    /// <summary>For so long everybody may wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of one namespace, for one store.</summary>
    public const int MostOfNamespace = LongPasses.Share / 2;

    /// <summary>For one store.</summary>
    public const int MostOfStore = LongPasses.Most / 4;

    private readonly Lock gate = new();
    private readonly Dictionary<(StoreIdentity Store, string? Namespace), int> waiting = [];

    /// <summary>Whether a call may be made that might have to be waited for.</summary>
    /// <param name="namespace">Of whoever would wait.</param>
    public bool HasRoom(StoreIdentity store, string @namespace)
    {
        lock (gate) return waiting.GetValueOrDefault((store, null)) < MostOfStore && waiting.GetValueOrDefault((store, @namespace)) < MostOfNamespace;
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
            lock (gate) Count(store, @namespace, -1);
        }
    }

    private void Take(StoreIdentity store, string @namespace)
    {
        lock (gate)
        {
            if (!HasRoom(store, @namespace)) throw new StoreBusyException(store);
            Count(store, @namespace, 1);
        }
    }

    private void Count(StoreIdentity store, string @namespace, int change)
    {
        Add((store, null), change);
        Add((store, @namespace), change);
    }

    private void Add((StoreIdentity Store, string? Namespace) whose, int change)
    {
        var count = waiting.GetValueOrDefault(whose) + change;
        if (count == 0) waiting.Remove(whose);
        else waiting[whose] = count;
    }
}
