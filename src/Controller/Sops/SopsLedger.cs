using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// What this process has written, so that it neither repeats it nor takes its own echo for somebody's edit; and which Secrets stood in the way, so that
/// their going is noticed. As <c>Sealed/WriteLedger</c>, but one object writes several Secrets.
/// </summary>
internal sealed class SopsLedger(TimeProvider time)
{
    /// <summary>An echo that has not come by then never will: created and deleted again while the watch was down.</summary>
    public static readonly TimeSpan EchoDeadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<NamespacedName, SopsMark> marks = new();
    private readonly ConcurrentDictionary<NamespacedName, string> secrets = new();
    private readonly ConcurrentDictionary<NamespacedName, Echo> echoes = new();
    private readonly ConcurrentDictionary<NamespacedName, Obstacles> obstacles = new();

    /// <summary>What the Secrets were last made from by this process, if they were and nothing failed since.</summary>
    public SopsMark? MarkOf(NamespacedName key) => marks.TryGetValue(key, out var mark) ? mark : null;

    public void Settle(NamespacedName key, SopsMark mark)
    {
        marks[key] = mark;
        obstacles.TryRemove(key, out _);
    }

    /// <summary>A pass begins: a key that comes while it lasts wakes the object, as if it had failed already.</summary>
    public void Begin(NamespacedName key) => obstacles.TryAdd(key, Obstacles.None);

    /// <param name="failed">What its last pass came to; null when it is not tried.</param>
    public void Unsettle(NamespacedName key, SopsOutcome.Failed? failed)
    {
        marks.TryRemove(key, out _);
        obstacles[key] = failed is null ? Obstacles.None : new Obstacles(failed.InTheWay.ToHashSet(StringComparer.Ordinal), failed.Held.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>
    /// Whether what it waits for is held by one that waits for what it holds itself, perhaps by way of others: names that are exchanged. One who holds a name for
    /// want of another that nobody gives up is no reason to give anything up.
    /// </summary>
    public bool IsExchange(NamespacedName key)
    {
        if (!obstacles.TryGetValue(key, out var own)) return false;
        var (seen, next) = (new HashSet<NamespacedName> { key }, new Queue<Obstacles>([own]));
        while (next.TryDequeue(out var waiting))
        {
            foreach (var (other, its) in obstacles.Where(entry => entry.Key.Namespace == key.Namespace && waiting.InTheWay.Overlaps(entry.Value.Held)))
            {
                if (its.InTheWay.Overlaps(own.Held)) return true;
                if (seen.Add(other)) next.Enqueue(its);
            }
        }
        return false;
    }

    public void Forget(NamespacedName key)
    {
        marks.TryRemove(key, out _);
        echoes.TryRemove(key, out _);
        obstacles.TryRemove(key, out _);
        Touches.Forget(key);
        Requests.Forget(key);
        Healing.Forget(key);
    }

    /// <summary>A watch that does not show every Secret showed that one of its Secrets was touched, deleted or lost its label.</summary>
    public Notices Touches { get; } = new();

    /// <summary>How often Secrets are put right that somebody writes against.</summary>
    public HealingPace Healing { get; } = new(time);

    /// <summary>Used where no status is written.</summary>
    public HandledRequests Requests { get; } = new();

    /// <summary>The SopsSecrets whose last pass failed: few, where all may be many.</summary>
    public IEnumerable<NamespacedName> Failing => obstacles.Keys;

    /// <summary>The SopsSecrets that a Secret stands in the way of.</summary>
    public IEnumerable<NamespacedName> ObstructedBy(NamespacedName secret) =>
        obstacles.Where(entry => entry.Key.Namespace == secret.Namespace && entry.Value.InTheWay.Contains(secret.Name)).Select(entry => entry.Key);

    /// <param name="uid">Of the SopsSecret: another of the same name, which replaced it, waits for nothing.</param>
    public void SecretWritten(NamespacedName key, string? uid, NamespacedName secret, string? version)
    {
        if (version is null) return;
        secrets[secret] = version;
        Expect(key, uid, echo => echo with { Secrets = [.. echo.Secrets.Where(written => written != secret), secret] });
    }

    public void StatusWritten(NamespacedName key, string? uid, string? version) => Expect(key, uid, echo => echo with { Source = version });

    /// <summary>The watch says the Secret is gone: what we wrote came and went, there is no echo to wait for.</summary>
    public void SecretGone(NamespacedName secret) => secrets.TryRemove(secret, out _);

    /// <summary>Whether this version of the Secret is the one we wrote last: nothing new to us.</summary>
    public bool IsEcho(NamespacedName secret, string? version) => version is not null && secrets.TryGetValue(secret, out var written) && written == version;

    /// <summary>Whether a pass was put off until the caches show our own last write.</summary>
    public bool IsAwaited(NamespacedName key) => echoes.TryGetValue(key, out var echo) && echo.Awaited;

    /// <summary>Whether the caches still show a world from before our own last write; then its echo is awaited.</summary>
    public bool IsAhead(SopsView seen)
    {
        while (echoes.TryGetValue(seen.Key, out var echo))
        {
            var ahead = echo.Uid == seen.Source.Metadata.Uid && time.GetUtcNow() - echo.Since < EchoDeadline
                && ((seen.SeesEverySecret && echo.Secrets.Any(secret => IsBehind(seen, secret))) || ResourceVersion.IsBefore(seen.Source.Metadata.ResourceVersion, echo.Source));
            if (ahead && echoes.TryUpdate(seen.Key, echo with { Awaited = true }, echo)) return true;
            if (!ahead && echoes.TryRemove(new KeyValuePair<NamespacedName, Echo>(seen.Key, echo))) return false;
        }
        return false;
    }

    private bool IsBehind(SopsView seen, NamespacedName secret) =>
        secrets.TryGetValue(secret, out var written)
        && ResourceVersion.IsBefore(seen.Secrets.FirstOrDefault(shown => shown.Key == secret)?.ResourceVersion, written);

    private void Expect(NamespacedName key, string? uid, Func<Echo, Echo> change)
    {
        var first = new Echo(uid, [], null, time.GetUtcNow(), Awaited: false);
        echoes.AddOrUpdate(key, _ => change(first), (_, echo) => change(echo.Uid == uid ? echo with { Since = first.Since } : first));
    }

    /// <param name="InTheWay">Names of Secrets that are somebody else's.</param>
    /// <param name="Held">Names of Secrets that go when those are had.</param>
    private sealed record Obstacles(IReadOnlySet<string> InTheWay, IReadOnlySet<string> Held)
    {
        private static readonly HashSet<string> Nothing = [];

        public static Obstacles None { get; } = new(Nothing, Nothing);
    }

    private sealed record Echo(string? Uid, IReadOnlyList<NamespacedName> Secrets, string? Source, DateTimeOffset Since, bool Awaited);
}
