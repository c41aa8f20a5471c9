namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What of an <see cref="Informer{T}"/> has nothing to do with its kind: whether it has listed, or was refused.</summary>
internal abstract class Follower
{
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a whole list has been taken in and every handler told of it.</summary>
    public bool HasSynced => synced.Task.IsCompletedSuccessfully;

    /// <summary>Completes when a list was answered with 403 or 404. It may be granted later; that is seen by <see cref="HasSynced"/>.</summary>
    public Task Refused => refused.Task;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => synced.Task.WaitAsync(cancellationToken);

    /// <summary>Follows the API server until cancelled; no failure ends it.</summary>
    public abstract Task RunAsync(CancellationToken cancellationToken);

    protected void NoteSync() => synced.TrySetResult();

    protected void NoteRefusal() => refused.TrySetResult();
}
