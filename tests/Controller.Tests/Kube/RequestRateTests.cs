using GitOpsSecrets.Controller.Kube;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class RequestRateTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_burst_goes_at_once_and_the_next_waits_its_interval()
    {
        var rate = new RequestRate(2, 3, time);
        Assert.All(Enumerable.Range(0, 3).Select(_ => rate.WaitAsync(default)), wait => Assert.True(wait.IsCompletedSuccessfully));

        var fourth = rate.WaitAsync(default).AsTask();
        var fifth = rate.WaitAsync(default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(fourth.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((true, false), (fourth.IsCompleted, fifth.IsCompleted));
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(fifth.IsCompleted);
    }

    [Fact]
    public void Idle_time_earns_one_burst_and_no_more()
    {
        var rate = new RequestRate(2, 3, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => rate.TryTake()));
    }

    [Fact]
    public void A_negative_rate_is_no_limit()
    {
        var rate = new RequestRate(-1, 1, time);
        Assert.All(Enumerable.Range(0, 1000).Select(_ => rate.WaitAsync(default)), wait => Assert.True(wait.IsCompletedSuccessfully));
    }

    [Fact]
    public void Zero_means_what_it_means_to_the_original_five_a_second_after_ten()
    {
        var rate = new RequestRate(0, 0, time);
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => rate.TryTake()));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => rate.TryTake()));
    }
}
