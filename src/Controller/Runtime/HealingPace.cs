using System.Collections.Concurrent;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>
/// How often what we wrote is put right again while somebody writes against it: the first time at once, the next ones a second, two, four, … up to five minutes after the last. Another edit
/// must follow within a minute, or all that is forgotten. Thread-safe; a key is used by one pass at a time.
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
        if (!all.TryGetValue(key, out var series) || series.Heals <= Few) return null;
        var left = Left(series, Quiet);
        if (left is null) Forget(key);
        return left;
    }

    /// <summary>It was put right.</summary>
    /// <returns>Whether that was of no use a few times before.</returns>
    public bool Healed(NamespacedName key)
    {
        var heals = all.TryGetValue(key, out var series) && GoesOn(series) ? series.Heals + 1 : 1;
        all[key] = new Series(heals, time.GetTimestamp(), Edited: false);
        return heals > Few;
    }

    public void Forget(NamespacedName key) => all.TryRemove(key, out _);

    private bool GoesOn(Series series) => series.Edited || Left(series, Quiet) is not null;

    private TimeSpan? Left(Series series, TimeSpan of) => of - time.GetElapsedTime(series.Last) is var left && left > TimeSpan.Zero ? left : null;

    private static TimeSpan Delay(int heals) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, heals - 1), Longest.TotalSeconds));

    private sealed record Series(int Heals, long Last, bool Edited);
}
