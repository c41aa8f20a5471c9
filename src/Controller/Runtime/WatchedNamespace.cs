namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// The objects of one namespace that are worked on, and the others there by which they are judged. A namespace that was added may be out of reach: deleted, or without
/// its roles. Then it holds nobody up, and comes in once it can be listed; its objects after all by which they are judged, so that none counts as missing because it
/// may not be read yet.
/// </summary>
/// <param name="isRequired">Nothing begins without it.</param>
/// <param name="objects">What is worked on.</param>
/// <param name="others">By which it is judged; run by others.</param>
internal sealed class WatchedNamespace(bool isRequired, Follower objects, params IEnumerable<Follower> others)
{
    private readonly Follower[] all = [objects, .. others];

    /// <summary>Follows the objects until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!isRequired) await Task.WhenAll(all.Skip(1).Select(other => other.WaitForSyncAsync(cancellationToken))).ConfigureAwait(false);
        await objects.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until all is listed, or nobody needs to wait for it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var synced = Task.WhenAll(all.Select(each => each.WaitForSyncAsync(cancellationToken)));
        if (isRequired) await synced.ConfigureAwait(false);
        else await (await Task.WhenAny(all.Select(each => each.Refused).Append(synced)).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
