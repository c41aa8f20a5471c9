using System.Collections.Concurrent;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// What this process has written, so that it neither repeats it nor takes its own echo for somebody's edit.
/// <code>
///   write Secret rv=7 ──▶ API server ──▶ watch shows rv=7 ─┐
///        │                                                 ├─▶ caches are as new as our writes: decide on them
///   write status rv=8 ──▶ API server ──▶ watch shows rv=8 ─┘
///        └─▶ until then the caches show the past: wait, the coming event wakes the object again
/// </code>
/// </summary>
internal sealed class WriteLedger(TimeProvider time)
{
    /// <summary>An echo that has not come by then never will: created and deleted again while the watch was down.</summary>
    public static readonly TimeSpan EchoDeadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<NamespacedName, ObservedMark> marks = new();
    private readonly ConcurrentDictionary<NamespacedName, bool> failing = new();
    private readonly ConcurrentDictionary<NamespacedName, Echo> echoes = new();

    /// <summary>What the Secret was last made from by this process, if it was and nothing failed since.</summary>
    public ObservedMark? MarkOf(NamespacedName key) => marks.TryGetValue(key, out var mark) ? mark : null;

    /// <summary>Whether its last pass in this process failed. What the caches show of its status may be from before that.</summary>
    public bool IsFailing(NamespacedName key) => failing.ContainsKey(key);

    public void Settle(NamespacedName key, ObservedMark mark)
    {
        marks[key] = mark;
        failing.TryRemove(key, out _);
    }

    public void Unsettle(NamespacedName key)
    {
        failing[key] = true;
        marks.TryRemove(key, out _);
    }

    public void Forget(NamespacedName key)
    {
        marks.TryRemove(key, out _);
        failing.TryRemove(key, out _);
        echoes.TryRemove(key, out _);
        Losses.Forget(key);
        Healing.Forget(key);
        Requests.Forget(key);
    }

    /// <summary>A watch that does not show every Secret showed this one, and does so no longer: deleted, or it lost its label.</summary>
    public Notices Losses { get; } = new();

    /// <summary>How often Secrets are put right that somebody writes against.</summary>
    public HealingPace Healing { get; } = new(time);

    /// <summary>Used where no status is written.</summary>
    public HandledRequests Requests { get; } = new();

    /// <summary>Notes a write of the Secret; without a watch that shows every Secret there is no echo to wait for.</summary>
    public void SecretWritten(SealedView seen, string? version)
    {
        if (seen.SeesEverySecret) Expect(seen.Key, seen.Source.Metadata.Uid, echo => echo with { Secret = version });
    }

    /// <param name="uid">Of the SealedSecret: another of the same name, which replaced it, waits for nothing.</param>
    public void StatusWritten(NamespacedName key, string? uid, string? version) => Expect(key, uid, echo => echo with { Source = version });

    private void Expect(NamespacedName key, string? uid, Func<Echo, Echo> change)
    {
        var first = new Echo(uid, null, null, Now, Awaited: false);
        echoes.AddOrUpdate(key, _ => change(first), (_, echo) => change(echo.Uid == uid ? echo with { Since = Now } : first));
    }

    /// <summary>The watch says the Secret is gone: what we wrote came and went, there is no echo to wait for.</summary>
    public void SecretGone(NamespacedName key)
    {
        while (echoes.TryGetValue(key, out var echo) && !echoes.TryUpdate(key, echo with { Secret = null }, echo)) { }
    }

    /// <summary>Whether the caches still show a world from before our own last write; then its echo is awaited.</summary>
    public bool IsAhead(SealedView seen)
    {
        while (echoes.TryGetValue(seen.Key, out var echo))
        {
            var ahead = echo.Uid == seen.Source.Metadata.Uid && Now - echo.Since < EchoDeadline
                && (ResourceVersion.IsBefore(seen.Secret?.ResourceVersion, echo.Secret) || ResourceVersion.IsBefore(seen.Source.Metadata.ResourceVersion, echo.Source));
            if (ahead && echoes.TryUpdate(seen.Key, echo with { Awaited = true }, echo)) return true;
            if (!ahead && echoes.TryRemove(new KeyValuePair<NamespacedName, Echo>(seen.Key, echo))) return false;
        }
        return false;
    }

    /// <summary>Whether a pass was put off until the caches show our own last write.</summary>
    public bool IsAwaited(NamespacedName key) => echoes.TryGetValue(key, out var echo) && echo.Awaited;

    /// <summary>Whether this version of the Secret is the one we wrote last: nothing new to us.</summary>
    public bool IsEcho(NamespacedName key, string? secretVersion) =>
        secretVersion is not null && echoes.TryGetValue(key, out var echo) && echo.Secret == secretVersion;

    private DateTimeOffset Now => time.GetUtcNow();

    private sealed record Echo(string? Uid, string? Secret, string? Source, DateTimeOffset Since, bool Awaited);
}
