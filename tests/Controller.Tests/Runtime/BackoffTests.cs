using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.Runtime;

public sealed class BackoffTests
{
    private static readonly NamespacedName A = new("team", "a");
    private static readonly NamespacedName B = new("team", "b");

    [Fact]
    public void Delays_double_from_one_second_to_five_minutes_and_stay_there()
    {
        var backoff = Backoff.Default(() => 0);
        var delays = Enumerable.Range(0, 12).Select(_ => backoff.Next(A).TotalSeconds);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], delays);
    }

    [Fact]
    public void Thousands_of_failures_do_not_overflow()
    {
        var backoff = Backoff.Default(() => 0);
        for (var i = 0; i < 5000; i++)
        {
            backoff.Next(A);
        }

        Assert.Equal(TimeSpan.FromMinutes(5), backoff.Next(A));
    }

    [Fact]
    public void Each_key_has_failures_of_its_own()
    {
        var backoff = Backoff.Default(() => 0);
        backoff.Next(A);
        backoff.Next(A);
        Assert.Equal(TimeSpan.FromSeconds(1), backoff.Next(B));
        backoff.Forget(B);
        Assert.Equal((2, 0), (backoff.Failures(A), backoff.Failures(B)));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(0.5, 900)]
    [InlineData(1, 800)]
    public void Jitter_takes_up_to_a_fifth_off(double jitter, double milliseconds) =>
        Assert.Equal(milliseconds, Backoff.Default(() => jitter).Next(A).TotalMilliseconds, 3);

    [Fact]
    public void Chance_is_at_least_zero_and_less_than_one() =>
        Assert.All(Enumerable.Range(0, 1000).Select(_ => Chance.Next()), value => Assert.InRange(value, 0, 0.99999999));
}
