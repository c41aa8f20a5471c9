using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.External.Refresh;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External;

/// <summary>Whether an ExternalSecret is fetched at this pass, how old the values may be, and when it is looked at next.</summary>
/// <param name="Reason">Why it is fetched; <see cref="RefreshReason.None"/> when it is not, unless the Secret needs it.</param>
/// <param name="Window">How old an answer may be.</param>
/// <param name="NextLook">When nothing is done now.</param>
internal sealed record RefreshPlan(RefreshReason Reason, FetchWindow Window, TimeSpan? NextLook)
{
    /// <summary>For an object that was never synced and is long there.</summary>
    private static readonly TimeSpan LongestShareOfFirst = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What comes within so much of each other shares calls: thousands of objects that are applied together do not come at one moment. Who was given what was asked for before he came looks
    /// again after that time, and then the one call of a key is for all of them.
    /// </summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShareWithoutInterval = TimeSpan.FromSeconds(10);

    public bool IsDue => Reason != RefreshReason.None;

    /// <summary>It would be fetched, were it not for a sync window, or for a failure a while ago.</summary>
    public bool IsHeldBack { get; private init; }

    public static RefreshPlan For(ExternalView seen, DateTimeOffset now)
    {
        var windows = WindowsOf(seen.Source);
        var inputs = Inputs(seen);
        var early = EarlyUntil(seen, seen.Last?.RefreshTime);
        var heard = seen.News is not null && FollowsNews(seen.Source);
        var reason = RefreshSchedule.Decide(inputs, now, () => windows.IsOpen(now));
        var isPutOff = reason == RefreshReason.Due && seen.LeftAlone > TimeSpan.Zero;
        if (isPutOff) reason = RefreshReason.None;
        if (reason == RefreshReason.None) reason = Unscheduled(seen, isEarly: early <= now && seen.LeftAlone == TimeSpan.Zero, isTold: heard && windows.IsOpen(now));
        var wait = Sooner(RefreshSchedule.Wait(inputs, now, () => isPutOff ? seen.LeftAlone : windows.UntilOpen(now)), early > now ? early - now : null);
        // News that came in a closed window is acted on when the window opens.
        if (heard) wait = Sooner(wait, windows.UntilOpen(now));
        return new RefreshPlan(reason, WindowOf(seen, reason, now), wait) { IsHeldBack = reason == RefreshReason.None && (heard || RefreshSchedule.Decide(inputs, now, () => true) != RefreshReason.None) };
    }

    private static RefreshReason Unscheduled(ExternalView seen, bool isEarly, bool isTold)
    {
        // What it depends on has changed. Whoever has pinned the values does not want others for that, and nobody wants another password because a template was edited.
        var depends = FollowsNews(seen.Source) && !seen.IsGenerated && (seen.Demand is not null || seen.InputsChanged);
        if (depends || seen.GeneratorsChanged) return RefreshReason.Depends;
        if (isEarly) return RefreshReason.Early;
        return isTold ? RefreshReason.Told : RefreshReason.None;
    }

    /// <summary>What is fetched once, or when its author says so, is not fetched because a store says so.</summary>
    public static bool FollowsNews(ExternalSecret source) =>
        source.Spec.RefreshPolicy is not (RefreshSchedule.CreatedOnce or RefreshSchedule.OnChange) && ExternalView.IntervalOf(source) > TimeSpan.Zero;

    public static TimeSpan? NextLookAfter(ExternalView seen, ExternalOutcome outcome, DateTimeOffset now)
    {
        if (outcome is not ExternalOutcome.Synced synced) return null;
        var inputs = Inputs(seen) with { SyncedVersion = synced.Sync.Version, RefreshTime = synced.Sync.RefreshTime, RenewAt = synced.Sync.RenewAt };
        var wait = RefreshSchedule.Wait(inputs, now, () => WindowsOf(seen.Source).UntilOpen(now));
        return Sooner(wait, EarlyUntil(seen, synced.Sync.RefreshTime) is { } sure ? Later(TimeSpan.Zero, sure - now) : null);
    }

    /// <summary>When an object whose values were asked for before it came has them asked for again; null when they were not.</summary>
    private static DateTimeOffset? EarlyUntil(ExternalView seen, DateTimeOffset? refreshed) => refreshed < seen.Appeared && MayBeEarly(seen) ? seen.Appeared + Together : null;

    /// <summary>Values that are to stay are those of the first time, and what is generated is not generated twice.</summary>
    private static bool MayBeEarly(ExternalView seen) => FollowsNews(seen.Source) && !seen.IsGenerated;

    /// <summary>When values that were made now, and end then, are made anew; null when nothing brings that but their interval, or they are to stay.</summary>
    public static DateTimeOffset? RenewalOf(ExternalView seen, DateTimeOffset now, DateTimeOffset? end) =>
        FollowsNews(seen.Source) ? RefreshSchedule.Renewal(now, end, SpreadOf(seen)) : null;

    private static RefreshInputs Inputs(ExternalView seen) =>
        new(seen.Source.Spec.RefreshPolicy ?? "", seen.Interval, seen.Last?.Version, seen.Version, seen.Last?.RefreshTime, SpreadOf(seen)) { RenewAt = seen.Last?.RenewAt };

    private static double SpreadOf(ExternalView seen) => Spread(seen.Source.Metadata.Uid ?? seen.Key.ToString());

    /// <summary>
    /// Refreshes take an answer that is younger than half an interval: then objects that name the same key fall in step, and their refreshes share one call. What
    /// counts as refreshed is as old as its answer, so no value is ever older than the interval.
    /// </summary>
    private static FetchWindow WindowOf(ExternalView seen, RefreshReason reason, DateTimeOffset now)
    {
        var half = seen.Interval > TimeSpan.Zero ? seen.Interval / 2 : ShareWithoutInterval;
        var notBefore = reason switch
        {
            // Who adds an object, or makes it anew, expects the value of that moment, whatever others were told before.
            RefreshReason.First => Later(now - (half < LongestShareOfFirst ? half : LongestShareOfFirst), Earlier(now, (seen.Appeared ?? DateTimeOffset.MinValue + Together) - (MayBeEarly(seen) ? Together : TimeSpan.Zero))),
            RefreshReason.Early => Earlier(now, seen.Appeared ?? now),
            RefreshReason.Due or RefreshReason.Ending => now - half,
            // Somebody wants it anew, and may have changed the value a moment ago: only what is asked for from now on.
            RefreshReason.Changed => now.AddTicks(1),
            // A store that changed is opened anew and has no old answers; what else changed has nothing to do with them.
            RefreshReason.Depends => now - half,
            // One value is said to be another; what was kept of that is forgotten, and the rest is as good as it was.
            RefreshReason.Told => seen.Last?.RefreshTime ?? now - half,
            // The Secret was deleted, which is how one asks for its values anew: those of that moment or later.
            _ when seen.SecretHash is null && seen.CreationPolicy != CreationPolicy.Merge && seen.Lost is { } lost => Later(seen.Last?.RefreshTime ?? now - half, Earlier(now, lost)),
            // It is to be mended: with what it was made from.
            _ => seen.Last?.RefreshTime ?? now - half,
        };
        return new FetchWindow(notBefore, half);
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    public static TimeSpan? Sooner(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right ?? left : left;

    private static RefreshWindows WindowsOf(ExternalSecret source)
    {
        if (source.Spec.SyncWindows is not { } windows) return RefreshWindows.Always;
        var readable = windows.Windows.Select(window => RefreshWindow.TryParse(window.Schedule, window.Duration.Text)).Where(window => window is not null);
        return new RefreshWindows(windows.Kind == SyncWindows.Allow, [.. readable!]);
    }

    /// <summary>The same for the object always, and as good as chance among objects.</summary>
    internal static double Spread(string identity)
    {
        uint hash = 2166136261;
        foreach (var value in Encoding.UTF8.GetBytes(identity)) hash = unchecked((hash ^ value) * 16777619);
        return hash / (uint.MaxValue + 1.0);
    }
}
