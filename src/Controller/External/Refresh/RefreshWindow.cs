using GitOpsSecrets.Api;
using GitOpsSecrets.Providers.Rules;

namespace GitOpsSecrets.Controller.External.Refresh;

/// <summary>One of <c>spec.syncWindows.windows</c>: open from each firing of its schedule for its duration.</summary>
internal sealed class RefreshWindow
{
    private readonly CronSchedule schedule;
    private readonly TimeSpan duration;

    private RefreshWindow(CronSchedule schedule, TimeSpan duration)
    {
        this.schedule = schedule;
        this.duration = duration;
    }

    /// <returns>null when it cannot be read; the rules refuse such a window before it is asked.</returns>
    public static RefreshWindow? TryParse(string schedule, string duration) =>
        CronSchedule.TryParse(schedule) is { } cron && GoDuration.TryParse(duration, out var length, out _) && length >= TimeSpan.Zero ? new RefreshWindow(cron, length) : null;

    public bool IsActive(DateTimeOffset now) => schedule.Last(now, now - duration) is not null;

    /// <summary>When it opens next; null for never.</summary>
    public DateTimeOffset? Opens(DateTimeOffset now) => schedule.Next(now);

    /// <summary>When it closes, if it is open.</summary>
    public DateTimeOffset? Closes(DateTimeOffset now) => schedule.Last(now, now - duration) + duration;
}
