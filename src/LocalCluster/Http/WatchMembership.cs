namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>An open watch among all; cancelled when a test drops it.</summary>
internal sealed class WatchMembership(CancellationTokenSource drop, Action leave) : IDisposable
{
    public CancellationToken Token => drop.Token;

    public bool IsCancellationRequested => drop.IsCancellationRequested;

    public void Dispose()
    {
        leave();
        drop.Dispose();
    }
}
