using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// How often what we wrote is put right again while somebody writes against it: the first time at once, the next ones a second, two, four, … up to five minutes after the last. Another edit
/// must follow within a minute, or all that is forgotten. An object may write several things: the pauses are its own, and contested is each by itself. Thread-safe; a key is used by one pass at
/// a time.
/// <code>
///   edit ─▶ heal ─▶ edit ──(1 s)──▶ heal ─▶ edit ──(2 s)──▶ heal ─▶ edit ──(4 s)──▶ heal: contested ─▶ … ─▶ nothing for a minute: forgotten
/// </code>
/// </summary>
internal sealed class HealingPace(TimeProvider time)
{
    /// <summary>Without an edit for so long after it was put right, nobody writes against it.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>So many times may be chance, or somebody who tries something by hand.</summary>
    private const int Few = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<NamespacedName, Series> all = new();

    /// <summary>How long an object is to be left as it is; <c>null</c> for not at all.</summary>
    public TimeSpan? PauseOf(NamespacedName key, bool isRight) => isRight ? QuietIn(key) : WaitOf(key);

    /// <summary>How long what is not right now is to be left so; <c>null</c> for not at all.</summary>
    public TimeSpan? WaitOf(NamespacedName key)
    {
        if (!all.TryGetValue(key, out var series)) return null;
        if (!GoesOn(series))
        {
            Forget(key);
            return null;
        }
        all[key] = series with { Edited = true };
        return Left(series, Delay(series.Heals));
    }

    /// <summary>How long what is right now may still be edited again by whoever writes against it; <c>null</c> when nobody does.</summary>
    public TimeSpan? QuietIn(NamespacedName key)
    {
        if (!all.TryGetValue(key, out var series) || !series.Times.Values.Any(times => times > Few)) return null;
        var left = Left(series, Quiet);
        if (left is null) Forget(key);
        return left;
    }

    /// <summary>A pass came to its end.</summary>
    /// <param name="key">Of the object.</param>
    /// <param name="sourceChanged">It was made for an edit of the object, who writes against which is another matter.</param>
    /// <param name="written">What of it was to be written, by name.</param>
    /// <returns>One of these that was put right a few times before, to no avail; <c>null</c> when none was.</returns>
    public string? Passed(NamespacedName key, bool sourceChanged, params IReadOnlyList<string> written)
    {
        if (sourceChanged) Forget(key);
        if (sourceChanged || written.Count == 0) return null;
        var before = all.TryGetValue(key, out var series) && GoesOn(series) ? series : Series.None;
        var times = before.Times.SetItems(written.Select(name => KeyValuePair.Create(name, before.Times.GetValueOrDefault(name) + 1)));
        all[key] = new Series(before.Heals + 1, times, time.GetTimestamp(), Edited: false);
        return written.FirstOrDefault(name => times[name] > Few);
    }

    public void Forget(NamespacedName key) => all.TryRemove(key, out _);

    private bool GoesOn(Series series) => series.Edited || Left(series, Quiet) is not null;

    private TimeSpan? Left(Series series, TimeSpan of) => of - time.GetElapsedTime(series.Last) is var left && left > TimeSpan.Zero ? left : null;

    private static TimeSpan Delay(int heals) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, heals - 1), Longest.TotalSeconds));

    /// <param name="Times">How often each thing was put right.</param>
    private sealed record Series(int Heals, ImmutableDictionary<string, int> Times, long Last, bool Edited)
    {
        public static Series None { get; } = new(0, ImmutableDictionary.Create<string, int>(StringComparer.Ordinal), 0, Edited: false);
    }
}
