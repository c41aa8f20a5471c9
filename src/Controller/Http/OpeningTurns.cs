namespace GitOpsSecrets.Controller.Http;

/// <summary>
/// Opening costs an RSA operation an item, and any authenticated user may ask for it. One request at a time opens, so
/// that strangers cannot keep all processors from the cluster's own Secrets.
/// </summary>
internal sealed class OpeningTurns : IDisposable
{
    private readonly SemaphoreSlim turns = new(1, 1);

    /// <returns>To be disposed when done.</returns>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turns);
    }

    public void Dispose() => turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
