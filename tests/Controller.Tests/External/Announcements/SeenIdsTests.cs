using GitOpsSecrets.Controller.External.Announcements;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.External.Announcements;

public sealed class SeenIdsTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void An_id_is_known_as_long_as_its_request_would_hold_and_to_its_source_alone()
    {
        var seen = new SeenIds(time);
        var until = time.GetUtcNow().AddMinutes(5);
        Assert.Equal(SeenResult.New, seen.Remember("a", "1", until));
        Assert.Equal(SeenResult.Known, seen.Remember("a", "1", until));
        Assert.Equal(SeenResult.New, seen.Remember("b", "1", until));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(SeenResult.Known, seen.Remember("a", "1", until));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(SeenResult.New, seen.Remember("a", "1", until));
    }

    [Fact]
    public void What_was_not_acted_on_may_come_again()
    {
        var seen = new SeenIds(time);
        seen.Remember("a", "1", time.GetUtcNow());
        seen.Forget("a", "1");
        Assert.Equal(SeenResult.New, seen.Remember("a", "1", time.GetUtcNow()));
    }

    [Fact]
    public void A_full_memory_takes_nothing_until_something_is_of_no_use_any_more()
    {
        var seen = new SeenIds(time, capacity: 2);
        seen.Remember("a", "1", time.GetUtcNow().AddMinutes(1));
        seen.Remember("a", "2", time.GetUtcNow().AddMinutes(5));
        Assert.Equal(SeenResult.Full, seen.Remember("a", "3", time.GetUtcNow().AddMinutes(5)));
        Assert.Equal(SeenResult.Known, seen.Remember("a", "1", time.GetUtcNow()));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SeenResult.New, seen.Remember("a", "3", time.GetUtcNow().AddMinutes(5)));
        Assert.Equal(SeenResult.Known, seen.Remember("a", "2", time.GetUtcNow()));
    }
}
