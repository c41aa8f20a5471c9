namespace GitOpsSecrets.Controller.Runtime;

/// <summary>Work on one thing at a time, and on many things beside each other. Who comes later waits.</summary>
internal sealed class Turns<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Turn> taken = [];

    public async Task<T> RunAsync<T>(TKey key, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (taken)
        {
            if (!taken.TryGetValue(key, out turn)) taken[key] = turn = new Turn();
            turn.Users++;
        }
        try
        {
            await turn.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                turn.Gate.Release();
            }
        }
        finally
        {
            lock (taken)
            {
                if (--turn.Users == 0) taken.Remove(key);
            }
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
