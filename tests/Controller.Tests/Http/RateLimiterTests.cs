using GitOpsSecrets.Controller.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Http;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_quiet_caller_may_send_the_burst_and_one_more()
    {
        var limiter = new RateLimiter(2, 2, time);
        Assert.Equal((true, 3, 2), Seen(limiter.Ask("a", TimeSpan.Zero)));
        Assert.Equal((true, 3, 1), Seen(limiter.Ask("a", TimeSpan.Zero)));
        Assert.Equal((true, 3, 0), Seen(limiter.Ask("a", TimeSpan.Zero)));
        var refused = limiter.Ask("a", TimeSpan.Zero);
        Assert.Equal((false, 3, 0), Seen(refused));
        Assert.Equal(TimeSpan.FromSeconds(0.5), refused.Wait);
        Assert.Equal(TimeSpan.FromSeconds(1.5), refused.Reset);
    }

    [Fact]
    public void Afterwards_requests_pass_at_the_rate()
    {
        var limiter = new RateLimiter(2, 0, time);
        Assert.True(limiter.Ask("a", TimeSpan.Zero).Admitted);
        time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.False(limiter.Ask("a", TimeSpan.Zero).Admitted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(limiter.Ask("a", TimeSpan.Zero).Admitted);
    }

    [Fact]
    public void One_caller_does_not_use_up_anothers_share()
    {
        var limiter = new RateLimiter(1, 0, time);
        Assert.True(limiter.Ask("a", TimeSpan.Zero).Admitted);
        Assert.False(limiter.Ask("a", TimeSpan.Zero).Admitted);
        Assert.True(limiter.Ask("b", TimeSpan.Zero).Admitted);
    }

    [Fact]
    public void With_patience_a_request_is_held_until_its_turn()
    {
        var limiter = new RateLimiter(1, 0, time);
        limiter.Ask("a", TimeSpan.FromSeconds(1));
        Assert.Equal((true, TimeSpan.FromSeconds(1)), Held(limiter.Ask("a", TimeSpan.FromSeconds(1))));
        Assert.Equal((false, TimeSpan.FromSeconds(2)), Held(limiter.Ask("a", TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void Many_callers_cannot_fill_the_memory_and_quiet_ones_make_room()
    {
        var limiter = new RateLimiter(1, 0, time, capacity: 2);
        Assert.True(limiter.Ask("a", TimeSpan.Zero).Admitted);
        Assert.True(limiter.Ask("b", TimeSpan.Zero).Admitted);
        Assert.False(limiter.Ask("c", TimeSpan.Zero).Admitted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limiter.Ask("c", TimeSpan.Zero).Admitted);
    }

    private static (bool, int, int) Seen(RateDecision decision) => (decision.Admitted, decision.Limit, decision.Remaining);

    private static (bool, TimeSpan) Held(RateDecision decision) => (decision.Admitted, decision.Wait);
}
