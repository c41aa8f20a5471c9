
namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>
/// The answers of all stores that somebody may still want, in bounded memory. One call serves whoever asks for the same within his refresh window, at the
/// same time or later; a failure serves only those who wait for it. Least recently used answers go first, old ones by themselves.
/// </summary>
internal sealed class AnswerCache(long capacity, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<AnswerKey, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> order = new();
    private long size;
    private long asked;
    private long shared;

    /// <summary>How often a new call was needed.</summary>
    public long Asked => Interlocked.Read(ref asked);

    /// <summary>How often the answer to another's call would do.</summary>
    public long Shared => Interlocked.Read(ref shared);

    public int Count
    {
        get { lock (gate) return entries.Count; }
    }

    /// <summary>Whether an answer is of use to those who ask later.</summary>
    public bool Keeps => capacity > 0;

    /// <summary>Bytes of plaintext held.</summary>
    public long Size
    {
        get { lock (gate) return size; }
    }

    /// <summary>An answer to a call that began no earlier than <paramref name="notBefore"/>, held for the caller; null when a call would be needed.</summary>
    /// <param name="keep">How long it is of use to this caller's like.</param>
    public Answer? Find(AnswerKey key, DateTimeOffset notBefore, TimeSpan keep)
    {
        lock (gate) return entries.TryGetValue(key, out var node) ? Share(node, notBefore, keep, time.GetUtcNow()) : null;
    }

    /// <summary>The same; or a new one, to be completed by the caller.</summary>
    /// <param name="keep">How long it is of use to this caller's like.</param>
    /// <param name="isNew">The caller makes the call, and calls <see cref="Settle"/> when it has ended.</param>
    public Answer Take(AnswerKey key, DateTimeOffset notBefore, TimeSpan keep, out bool isNew)
    {
        var now = time.GetUtcNow();
        List<Answer> gone = [];
        try
        {
            lock (gate)
            {
                DropOld(now, gone);
                if (entries.TryGetValue(key, out var node))
                {
                    if (Share(node, notBefore, keep, now) is { } known)
                    {
                        isNew = false;
                        return known;
                    }
                    Drop(node, gone);
                }
                isNew = true;
                Interlocked.Increment(ref asked);
                var answer = new Answer(now);
                answer.TryHold();
                entries[key] = order.AddFirst(new Entry(key, answer) { KeepUntil = now + keep });
                return answer;
            }
        }
        finally
        {
            foreach (var answer in gone) answer.Release();
        }
    }

    /// <summary>The call has ended: counts what it brought, and forgets what is of no further use.</summary>
    public void Settle(AnswerKey key, Answer answer)
    {
        List<Answer> gone = [];
        lock (gate)
        {
            if (entries.TryGetValue(key, out var node) && ReferenceEquals(node.Value.Answer, answer))
            {
                if (!answer.Result.IsCompletedSuccessfully)
                {
                    Drop(node, gone);
                }
                else
                {
                    node.Value.Size = answer.Result.Result.Size;
                    size += node.Value.Size;
                    // That there is nothing is told to those who ask now, not to those who come after somebody has put it there.
                    if (answer.Result.Result is { Secret: null, Found: null }) Drop(node, gone);
                    while (size > capacity && order.Last is { } last) Drop(last, gone);
                }
            }
        }
        foreach (var dropped in gone) dropped.Release();
    }

    /// <summary>Forgets every answer of an opened store.</summary>
    public void Forget(long source)
    {
        List<Answer> gone = [];
        lock (gate)
        {
            for (var node = order.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Key.Source == source) Drop(node, gone);
                node = next;
            }
        }
        foreach (var answer in gone) answer.Release();
    }

    /// <summary>Forgets one answer, also one that is on its way: who waits for it gets it, who comes later asks anew.</summary>
    public void Forget(AnswerKey key)
    {
        List<Answer> gone = [];
        lock (gate)
        {
            if (entries.TryGetValue(key, out var node)) Drop(node, gone);
        }
        foreach (var answer in gone) answer.Release();
    }

    /// <summary>Forgets what is too old for anybody.</summary>
    public void Sweep()
    {
        List<Answer> gone = [];
        lock (gate) DropOld(time.GetUtcNow(), gone, all: true);
        foreach (var answer in gone) answer.Release();
    }

    private Answer? Share(LinkedListNode<Entry> node, DateTimeOffset notBefore, TimeSpan keep, DateTimeOffset now)
    {
        var known = node.Value;
        // One from the future is from before the clock was set back: it would never grow old.
        if (known.Answer.HasFailed || known.Answer.AskedAt < notBefore || known.Answer.AskedAt > now || !known.Answer.TryHold()) return null;
        Interlocked.Increment(ref shared);
        known.KeepUntil = Later(known.KeepUntil, known.Answer.AskedAt + keep);
        order.Remove(node);
        order.AddFirst(node);
        return known.Answer;
    }

    private void DropOld(DateTimeOffset now, List<Answer> gone, bool all = false)
    {
        // The order is by use, not by age: a look at the end is cheap, a look at all is for the sweep.
        for (var node = order.Last; node is not null;)
        {
            var before = node.Previous;
            if (node.Value.KeepUntil < now && node.Value.Answer.Result.IsCompleted) Drop(node, gone);
            else if (!all) return;
            node = before;
        }
    }

    private void Drop(LinkedListNode<Entry> node, List<Answer> gone)
    {
        order.Remove(node);
        entries.Remove(node.Value.Key);
        size -= node.Value.Size;
        gone.Add(node.Value.Answer);
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private sealed class Entry(AnswerKey key, Answer answer)
    {
        public AnswerKey Key { get; } = key;
        public Answer Answer { get; } = answer;
        public DateTimeOffset KeepUntil { get; set; }
        public long Size { get; set; }
    }
}
