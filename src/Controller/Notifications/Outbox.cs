namespace GitOpsSecrets.Controller.Notifications;

/// <summary>
/// What waits for one receiver: the newest about each object, so that a burst does not pile up. The end of a trouble that nobody was told of is
/// not told either. Thread-safe.
/// </summary>
/// <param name="capacity">Objects; what is beyond is dropped, the oldest first.</param>
internal sealed class Outbox(int capacity) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim filled = new(0);
    private readonly LinkedList<Notification> waiting = [];

    /// <summary>Objects whose trouble was told and whose recovery was not.</summary>
    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    public int Count
    {
        get { lock (gate) return waiting.Count; }
    }

    /// <returns>How many were dropped for want of room.</returns>
    public int Add(Notification notification)
    {
        lock (gate)
        {
            if (waiting.FirstOrDefault(other => other.Subject == notification.Subject) is { } before) waiting.Remove(before);
            if (notification.Kind == NotificationKind.Recovery && !open.Contains(notification.Subject)) return 0;
            waiting.AddLast(notification);
            filled.Release();
            if (waiting.Count <= capacity) return 0;
            waiting.RemoveFirst();
            return 1;
        }
    }

    /// <summary>Waits until something may be there; <see cref="TryTake"/> may still find it gone.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => filled.WaitAsync(cancellationToken);

    public Notification? TryTake()
    {
        lock (gate)
        {
            if (waiting.First is not { Value: var first }) return null;
            waiting.RemoveFirst();
            if (first.Kind == NotificationKind.Recovery) open.Remove(first.Subject);
            else open.Add(first.Subject);
            return first;
        }
    }

    public void Dispose() => filled.Dispose();
}
