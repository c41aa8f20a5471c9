using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What of an <see cref="Informer{T}"/> has nothing to do with its kind: whether it has listed, or was refused, and what it could not read.</summary>
internal abstract class Follower
{
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<NamespacedName, UnreadableObject> unreadable = new();
    private Action<NamespacedName>? onUnreadable;

    /// <summary>Whether a whole list has been taken in and every handler told of it.</summary>
    public bool HasSynced => synced.Task.IsCompletedSuccessfully;

    /// <summary>Completes when a list was answered with 403 or 404. It may be granted later; that is seen by <see cref="HasSynced"/>.</summary>
    public Task Refused => refused.Task;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => synced.Task.WaitAsync(cancellationToken);

    /// <summary>Follows the API server until cancelled; no failure ends it.</summary>
    public abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>The object, when it is there and its newest version cannot be read as its kind.</summary>
    public UnreadableObject? FindUnreadable(NamespacedName key) => unreadable.GetValueOrDefault(key);

    /// <summary>Adds a handler for such an object, and for the end of one that never could be read, before <see cref="RunAsync"/>; it must neither wait nor fail. Each version is told once.</summary>
    public void OnUnreadable(Action<NamespacedName> handler) => onUnreadable += handler;

    /// <returns>Whether that was not known.</returns>
    protected bool NoteUnreadable(UnreadableObject found)
    {
        if (found.Key.Name.Length == 0) return true;
        if (unreadable.TryGetValue(found.Key, out var known) && known == found) return false;
        unreadable[found.Key] = found;
        onUnreadable?.Invoke(found.Key);
        return true;
    }

    /// <summary>It can be read again, or is gone.</summary>
    /// <returns>Whether it could not be read before.</returns>
    protected bool NoteReadable(NamespacedName key) => unreadable.TryRemove(key, out _);

    /// <summary>One that never could be read is gone.</summary>
    protected void TellUnreadableGone(NamespacedName key) => onUnreadable?.Invoke(key);

    /// <summary>Those whose newest version cannot be read.</summary>
    public ICollection<NamespacedName> UnreadableKeys => unreadable.Keys;

    protected void NoteSync() => synced.TrySetResult();

    protected void NoteRefusal() => refused.TrySetResult();
}
