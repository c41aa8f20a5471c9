using System.Globalization;
using GitOpsSecrets.Controller.External.Refresh;

namespace GitOpsSecrets.Controller.Tests.External.Refresh;

public sealed class RefreshWindowsTests
{
    // 2026-01-02 is a Friday.
    [Theory]
    [InlineData("0 8 * * *", "2h", "2026-01-02T08:00:00Z", true)]
    [InlineData("0 8 * * *", "2h", "2026-01-02T10:00:00Z", true)]
    [InlineData("0 8 * * *", "2h", "2026-01-02T10:00:01Z", false)]
    [InlineData("0 8 * * *", "2h", "2026-01-02T07:59:59Z", false)]
    [InlineData("0 22 * * *", "4h", "2026-01-02T01:30:00Z", true)]
    [InlineData("0 0 * * 5", "24h", "2026-01-02T23:00:00Z", true)]
    [InlineData("0 0 * * fri", "24h", "2026-01-02T23:00:00Z", true)]
    [InlineData("0 0 * * 1-4", "24h", "2026-01-02T23:00:00Z", false)]
    [InlineData("0 0 * * 7", "24h", "2026-01-04T05:00:00Z", true)]
    [InlineData("*/15 * * * *", "1m", "2026-01-02T03:45:30Z", true)]
    [InlineData("*/15 * * * *", "1m", "2026-01-02T03:46:30Z", false)]
    [InlineData("0 0 1 * 5", "1h", "2026-01-02T00:30:00Z", true)]
    [InlineData("0 0 1 * 5", "1h", "2026-02-01T00:30:00Z", true)]
    // With a step of more than one a day is a limit beside that of the weekday (2 January is a Friday), as in robfig/cron.
    [InlineData("0 0 */3 * 5", "1h", "2026-01-02T00:30:00Z", true)]
    [InlineData("0 0 */3 * 5", "1h", "2026-01-04T00:30:00Z", true)]
    [InlineData("0 0 */3 * 5", "1h", "2026-01-03T00:30:00Z", false)]
    [InlineData("0 0 3 * */5", "1h", "2026-01-03T00:30:00Z", true)]
    [InlineData("0 0 */1 * 5", "1h", "2026-01-03T00:30:00Z", false)]
    [InlineData("0 0 1,* * 5", "1h", "2026-01-01T00:30:00Z", false)]
    [InlineData("0 0 1 jan *", "1h", "2026-01-01T00:30:00Z", true)]
    [InlineData("@daily", "30m", "2026-01-02T00:10:00Z", true)]
    [InlineData("@every 1h", "10m", "2026-01-02T05:05:00Z", true)]
    [InlineData("@every 1h", "10m", "2026-01-02T05:15:00Z", false)]
    [InlineData("not a schedule", "1h", "2026-01-02T05:15:00Z", false)]
    [InlineData("61 * * * *", "1h", "2026-01-02T05:15:00Z", false)]
    [InlineData("0 8 * * *", "soon", "2026-01-02T08:00:00Z", false)]
    public void A_window_is_open_from_its_firing_for_its_duration(string schedule, string duration, string now, bool open)
    {
        var windows = new RefreshWindows(allows: true, RefreshWindow.TryParse(schedule, duration) is { } window ? [window] : []);
        Assert.Equal(open, windows.IsOpen(At(now)));
    }

    [Fact]
    public void Deny_is_the_contrary()
    {
        var windows = new RefreshWindows(allows: false, [RefreshWindow.TryParse("0 8 * * *", "2h")!]);
        Assert.False(windows.IsOpen(At("2026-01-02T09:00:00Z")));
        Assert.True(windows.IsOpen(At("2026-01-02T11:00:00Z")));
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1), windows.UntilOpen(At("2026-01-02T09:00:00Z")));
    }

    [Fact]
    public void What_is_overdue_in_a_closed_window_comes_back_when_it_opens()
    {
        var windows = new RefreshWindows(allows: true, [RefreshWindow.TryParse("0 8 * * *", "2h")!, RefreshWindow.TryParse("0 6 * * *", "1h")!]);
        Assert.Equal(TimeSpan.FromHours(3), windows.UntilOpen(At("2026-01-02T03:00:00Z")));
        Assert.Equal(TimeSpan.FromHours(19), windows.UntilOpen(At("2026-01-02T11:00:00Z")));
    }

    [Fact]
    public void A_date_that_never_comes_is_not_waited_for() =>
        Assert.Null(new RefreshWindows(allows: true, [RefreshWindow.TryParse("0 0 31 2 *", "1h")!]).UntilOpen(At("2026-01-02T03:00:00Z")));

    [Fact]
    public void Without_windows_it_is_always_open() => Assert.True(RefreshWindows.Always.IsOpen(At("2026-01-02T03:00:00Z")));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
