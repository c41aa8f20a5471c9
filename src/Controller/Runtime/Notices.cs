using System.Collections.Concurrent;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What a watch noticed of objects and no pass has looked into: one that comes while a pass is on is left for the next.</summary>
internal sealed class Notices
{
    private readonly ConcurrentDictionary<NamespacedName, long> notices = new();
    private long count;

    public void Add(NamespacedName key) => notices[key] = Interlocked.Increment(ref count);

    /// <summary>To be taken before anything is read that the notice is about; null for none.</summary>
    public long? Of(NamespacedName key) => notices.TryGetValue(key, out var notice) ? notice : null;

    /// <param name="notice">As it was taken: one that came since stays. Null does nothing.</param>
    public void LookedInto(NamespacedName key, long? notice)
    {
        if (notice is { } known) notices.TryRemove(new KeyValuePair<NamespacedName, long>(key, known));
    }

    public void Forget(NamespacedName key) => notices.TryRemove(key, out _);
}
