using GitOpsSecrets.Controller.External.Refresh;

namespace GitOpsSecrets.Controller.Tests.External.Refresh;

/// <summary>
/// Many objects over days of a clock that is set in between: timers run on as they were, the time of day does not. Nothing but the decisions is run.
/// </summary>
public sealed class RefreshClockTests
{
    private const int Objects = 200;
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Jump = TimeSpan.FromHours(5.5);

    // hours, and how many intervals apart two refreshes may be: what was refreshed "now" by the new clock is taken for that
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-24, 1)]
    [InlineData(-1, 2)]
    [InlineData(24, 1)]
    [InlineData(1, 1)]
    public void A_clock_that_is_set_stops_no_refresh_and_causes_no_stampede(int hours, int longest)
    {
        var refreshes = Run(Interval, TimeSpan.FromHours(hours), TimeSpan.FromHours(12));
        foreach (var times in refreshes)
        {
            var gaps = times.Zip(times.Skip(1), (before, after) => after - before).ToList();
            Assert.All(gaps, gap => Assert.InRange(gap, Interval * 0.5, Interval * longest));
            Assert.InRange(times.Count, 13 - longest, 15);
        }
        var crowd = refreshes.SelectMany(times => times).Where(time => time > TimeSpan.FromHours(4)).GroupBy(time => (int)time.TotalMinutes).Max(minute => minute.Count());
        // They were made together, and are apart by then: without jitter all of them would come in one minute of each hour.
        Assert.InRange(crowd, 1, Objects / 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-300)]
    public void Without_an_interval_nothing_comes_back_whatever_the_clock_does(int minutes) =>
        Assert.All(Run(TimeSpan.FromMinutes(minutes), TimeSpan.FromHours(-24), TimeSpan.FromDays(3)), times => Assert.Single(times));

    [Fact]
    public void An_interval_of_a_year_ends_in_its_last_tenth()
    {
        var year = TimeSpan.FromDays(365);
        foreach (var times in Run(year, TimeSpan.Zero, TimeSpan.FromDays(400)))
        {
            Assert.Equal(2, times.Count);
            Assert.InRange(times[1], year * 0.9, year);
        }
    }

    [Theory]
    [InlineData("2562047h47m16.854775807s")] // the longest that Go can write
    [InlineData("8760h")]
    public void No_interval_is_too_long_to_be_counted(string text)
    {
        Assert.True(Api.GoDuration.TryParse(text, out var interval, out _));
        var inputs = new RefreshInputs("", interval, "1-a", "1-a", Start, 0.5);
        Assert.Equal(RefreshReason.None, RefreshSchedule.Decide(inputs, Start + TimeSpan.FromDays(1), () => true));
        Assert.InRange(RefreshSchedule.Wait(inputs, Start, () => null)!.Value, interval * 0.9, interval);
        Assert.True(RefreshBackoff.Delay(10_000, interval, 0.5) <= interval);
    }

    /// <summary>When each object is refreshed, by a clock that nobody sets; the first time is its creation.</summary>
    private static List<List<TimeSpan>> Run(TimeSpan interval, TimeSpan set, TimeSpan length) => [.. Enumerable.Range(0, Objects).Select(i =>
    {
        var times = new List<TimeSpan>();
        var inputs = new RefreshInputs("", interval, null, "1-a", null, i / (double)Objects);
        for (TimeSpan? at = TimeSpan.Zero; at <= length;)
        {
            var now = Start + at.Value + (at >= Jump ? set : TimeSpan.Zero);
            if (RefreshSchedule.Decide(inputs, now, () => true) != RefreshReason.None)
            {
                times.Add(at.Value);
                inputs = inputs with { SyncedVersion = "1-a", RefreshTime = now };
            }
            at += RefreshSchedule.Wait(inputs, now, () => TimeSpan.Zero);
            Assert.True(times.Count < 1000, "it spins");
        }
        return times;
    })];
}
