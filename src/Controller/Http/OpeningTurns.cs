namespace GitOpsSecrets.Controller.Http;

/// <summary>
/// Opening costs an RSA operation an item, and any authenticated user may ask for it. One large request at a time opens, so that strangers cannot keep all processors from the
/// cluster's own Secrets, and one small one beside it, which waits for no large one.
/// </summary>
internal sealed class OpeningTurns : IDisposable
{
    /// <summary>Few SealedSecrets have more items.</summary>
    public const int ItemsOfASmallOne = RateGate.ItemsOfARequest;

    private readonly SemaphoreSlim small = new(1, 1);
    private readonly SemaphoreSlim large = new(1, 1);

    /// <returns>To be disposed when done.</returns>
    public async Task<IDisposable> TakeAsync(int items, CancellationToken cancellationToken)
    {
        var turns = items <= ItemsOfASmallOne ? small : large;
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turns);
    }

    public void Dispose()
    {
        small.Dispose();
        large.Dispose();
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
