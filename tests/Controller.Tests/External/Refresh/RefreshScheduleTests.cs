using System.Globalization;
using GitOpsSecrets.Controller.External.Refresh;

namespace GitOpsSecrets.Controller.Tests.External.Refresh;

public sealed class RefreshScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("00:00:00.0000001", "00:00:01")]
    [InlineData("00:00:00.9", "00:00:01")]
    [InlineData("00:00:05", "00:00:05")]
    [InlineData("00:00:00", "00:00:00")]
    [InlineData("-00:00:01", "-00:00:01")]
    public void No_interval_is_shorter_than_a_second(string asked, string interval) =>
        Assert.Equal(TimeSpan.Parse(interval, CultureInfo.InvariantCulture), RefreshSchedule.Bounded(TimeSpan.Parse(asked, CultureInfo.InvariantCulture)));

    // policy, interval in minutes, synced version, minutes since the refresh (null: never), reason
    [Theory]
    [InlineData("", 60, null, null, nameof(RefreshReason.First))]
    [InlineData("", 60, "1-a", null, nameof(RefreshReason.First))]
    [InlineData("", 60, null, 5, nameof(RefreshReason.First))]
    [InlineData("", 60, "1-a", 5, nameof(RefreshReason.None))]
    [InlineData("", 60, "1-a", 59, nameof(RefreshReason.None))]
    [InlineData("", 60, "1-a", 60, nameof(RefreshReason.Due))]
    [InlineData("", 60, "1-a", 61, nameof(RefreshReason.Due))]
    [InlineData("", 60, "1-a", -5, nameof(RefreshReason.Due))]
    [InlineData("", 60, "0-a", 5, nameof(RefreshReason.Changed))]
    [InlineData("Periodic", 60, "1-b", 5, nameof(RefreshReason.Changed))]
    [InlineData("Periodic", 0, null, null, nameof(RefreshReason.First))]
    [InlineData("Periodic", 0, "1-a", 1000, nameof(RefreshReason.None))]
    [InlineData("Periodic", 0, "0-a", 1000, nameof(RefreshReason.None))]
    [InlineData("Periodic", -1, "0-a", 1000, nameof(RefreshReason.None))]
    [InlineData("CreatedOnce", 60, null, null, nameof(RefreshReason.First))]
    [InlineData("CreatedOnce", 60, "1-a", null, nameof(RefreshReason.First))]
    [InlineData("CreatedOnce", 60, "1-a", 1000, nameof(RefreshReason.None))]
    [InlineData("CreatedOnce", 60, "0-a", 1000, nameof(RefreshReason.None))]
    [InlineData("OnChange", 60, null, null, nameof(RefreshReason.First))]
    [InlineData("OnChange", 60, "1-a", 1000, nameof(RefreshReason.None))]
    [InlineData("OnChange", 60, "0-a", 1, nameof(RefreshReason.Changed))]
    [InlineData("OnChange", 0, "0-a", 1, nameof(RefreshReason.Changed))]
    public void What_is_fetched_and_why(string policy, int interval, string? synced, int? minutesAgo, string reason)
    {
        var inputs = Inputs(policy, interval, synced, minutesAgo);
        Assert.Equal(Enum.Parse<RefreshReason>(reason), RefreshSchedule.Decide(inputs, Now, () => true));
    }

    [Theory]
    [InlineData(60, nameof(RefreshReason.None))]
    [InlineData(61, nameof(RefreshReason.None))]
    public void A_closed_window_holds_back_what_is_due_and_nothing_else(int minutesAgo, string reason)
    {
        Assert.Equal(Enum.Parse<RefreshReason>(reason), RefreshSchedule.Decide(Inputs("", 60, "1-a", minutesAgo), Now, () => false));
        Assert.Equal(RefreshReason.Changed, RefreshSchedule.Decide(Inputs("", 60, "0-a", minutesAgo), Now, () => false));
        Assert.Equal(RefreshReason.First, RefreshSchedule.Decide(Inputs("", 60, null, null), Now, () => false));
    }

    [Fact]
    public void An_interval_ends_in_its_last_tenth_and_never_later()
    {
        var early = Inputs("", 100, "1-a", 95) with { Spread = 0.99 };
        var late = early with { Spread = 0 };
        Assert.Equal(RefreshReason.Due, RefreshSchedule.Decide(early, Now, () => true));
        Assert.Equal(RefreshReason.None, RefreshSchedule.Decide(late, Now, () => true));
        Assert.Equal(TimeSpan.FromMinutes(5), RefreshSchedule.Wait(late, Now, () => null));
    }

    [Theory]
    [InlineData("CreatedOnce", 60)]
    [InlineData("OnChange", 60)]
    [InlineData("", 0)]
    [InlineData("", -5)]
    public void Without_an_interval_only_a_change_brings_the_next_look(string policy, int interval) =>
        Assert.Null(RefreshSchedule.Wait(Inputs(policy, interval, "1-a", 5), Now, () => TimeSpan.Zero));

    /// <summary>Seconds of life, spread, seconds until it is made anew; null for no sooner than the interval says.</summary>
    [Theory]
    [InlineData(null, 0, null)]
    [InlineData(3600, 0, 2400)]
    [InlineData(3600, 0.5, 2280)]
    [InlineData(60, 0, 40)]
    [InlineData(15, 0, 10)]
    [InlineData(1, 0.9, 10)]
    [InlineData(0, 0, null)]
    [InlineData(-5, 0, null)]
    public void What_ends_is_made_anew_at_two_thirds_of_its_life_and_what_ends_at_once_without_haste(int? life, double spread, int? expected) =>
        Assert.Equal(expected is { } seconds ? Now.AddSeconds(seconds) : null, RefreshSchedule.Renewal(Now, life is { } given ? Now.AddSeconds(given) : null, spread));

    [Theory]
    [InlineData("", 60, 60, nameof(RefreshReason.None), 60)]
    [InlineData("", 60, 0, nameof(RefreshReason.Ending), 0)]
    [InlineData("Periodic", 60, -100, nameof(RefreshReason.Ending), 0)]
    [InlineData("", 60, 3600, nameof(RefreshReason.None), 3300)]
    [InlineData("", 0, -100, nameof(RefreshReason.None), null)]
    [InlineData("CreatedOnce", 60, -100, nameof(RefreshReason.None), null)]
    [InlineData("OnChange", 60, -100, nameof(RefreshReason.None), null)]
    public void What_a_generator_made_is_made_anew_before_it_ends_unless_it_is_pinned_and_no_window_holds_it_back(string policy, int interval, int seconds, string reason, int? wait)
    {
        var inputs = Inputs(policy, interval, "1-a", 5) with { RenewAt = Now.AddSeconds(seconds) };
        Assert.Equal(Enum.Parse<RefreshReason>(reason), RefreshSchedule.Decide(inputs, Now, () => false));
        Assert.Equal(wait is { } expected ? TimeSpan.FromSeconds(expected) : null, RefreshSchedule.Wait(inputs, Now, () => null));
    }

    [Fact]
    public void What_is_held_back_waits_for_the_window_and_does_not_spin() =>
        Assert.Equal(TimeSpan.FromHours(7), RefreshSchedule.Wait(Inputs("", 60, "1-a", 61), Now, () => TimeSpan.FromHours(7)));

    [Theory]
    [InlineData(0, 24 * 3600, 1)]
    [InlineData(1, 24 * 3600, 2)]
    [InlineData(10, 24 * 3600, 1024)]
    [InlineData(17, 24 * 3600, 86400)]
    [InlineData(5000, 24 * 3600, 86400)]
    [InlineData(5, 15, 15)]
    [InlineData(20, 0, 600)]
    public void Failures_back_off_until_they_are_as_far_apart_as_refreshes(int failures, int interval, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RefreshBackoff.Delay(failures, TimeSpan.FromSeconds(interval), 0));

    [Theory]
    [InlineData(0, 3600, 3600)]
    [InlineData(20, 3600, 3600)]
    [InlineData(0, 60, 60)]
    [InlineData(0, 15, 15)]
    [InlineData(4, 15, 16)]
    [InlineData(20, 15, 60)]
    public void A_refresh_that_fails_is_never_tried_sooner_than_the_next_would_be(int failures, int interval, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), RefreshBackoff.DelayOfRefresh(failures, TimeSpan.FromSeconds(interval), 0));
        // As refreshes do, a tenth sooner by chance; where it is longer than the interval, a fifth.
        Assert.InRange(RefreshBackoff.DelayOfRefresh(failures, TimeSpan.FromSeconds(interval), 0.99), TimeSpan.FromSeconds(0.9 * interval), TimeSpan.FromSeconds(seconds));
    }

    private static RefreshInputs Inputs(string policy, int interval, string? synced, int? minutesAgo) =>
        new(policy, TimeSpan.FromMinutes(interval), synced, "1-a", minutesAgo is { } minutes ? Now - TimeSpan.FromMinutes(minutes) : null, 0);
}
