using GitOpsSecrets.Controller.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Runtime;

/// <summary>How often what we wrote is put right while somebody writes against it.</summary>
public sealed class HealingPaceTests
{
    private static readonly NamespacedName Key = new("shop", "db");

    private readonly FakeTimeProvider time = new();
    private readonly HealingPace pace;

    public HealingPaceTests() => pace = new HealingPace(time);

    [Fact]
    public void The_pauses_double_up_to_five_minutes_and_the_fourth_time_is_a_contest()
    {
        Assert.Null(pace.WaitOf(Key));
        Assert.False(Healed());
        var healed = 1;
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), pace.WaitOf(Key));
            time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Null(pace.WaitOf(Key));
            Assert.Equal(++healed > 3, Healed());
        }
        Assert.Equal(TimeSpan.FromMinutes(1), pace.QuietIn(Key));
    }

    [Fact]
    public void An_edit_that_comes_later_than_a_minute_after_is_the_first_again()
    {
        foreach (var _ in Enumerable.Range(0, 5)) Healed();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(pace.WaitOf(Key));
        Assert.False(Healed());
        Assert.Equal(TimeSpan.FromSeconds(1), pace.WaitOf(Key));
    }

    [Fact]
    public void An_edit_within_the_minute_waits_its_time_out_though_that_is_longer()
    {
        foreach (var _ in Enumerable.Range(0, 8)) Healed();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(69), pace.WaitOf(Key));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.FromSeconds(9), pace.WaitOf(Key));
    }

    [Fact]
    public void After_a_minute_without_an_edit_it_is_quiet_and_a_few_times_are_no_contest()
    {
        Healed();
        Assert.Null(pace.QuietIn(Key));
        foreach (var _ in Enumerable.Range(0, 3)) Healed();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.QuietIn(Key));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(pace.QuietIn(Key));
        Assert.Null(pace.WaitOf(Key));
    }

    [Fact]
    public void Of_several_things_each_is_contested_by_itself_and_the_pauses_are_of_all()
    {
        foreach (var name in new[] { "a", "b", "c", "a", "b", "c", "a", "b" }) Assert.Null(pace.Passed(Key, sourceChanged: false, name));
        Assert.Null(pace.QuietIn(Key));
        Assert.Equal(TimeSpan.FromSeconds(128), pace.WaitOf(Key));
        Assert.Equal("a", pace.Passed(Key, sourceChanged: false, "c", "a"));
        Assert.NotNull(pace.QuietIn(Key));
    }

    [Fact]
    public void What_is_written_for_an_edit_of_the_object_is_the_first_again()
    {
        foreach (var _ in Enumerable.Range(0, 5)) Healed();
        Assert.Null(pace.Passed(Key, sourceChanged: true, "db"));
        Assert.Null(pace.WaitOf(Key));
        Assert.False(Healed());
    }

    private bool Healed() => pace.Passed(Key, sourceChanged: false, "db") is not null;
}
