using GitOpsSecrets.Controller.Sealed;

namespace GitOpsSecrets.Controller.Tests.Sealed;

public sealed class RotationPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_a_key_one_is_due_now() => Assert.Equal(Now, new RotationPolicy(TimeSpan.Zero, null).Due(null, Now));

    [Fact]
    public void A_key_is_due_when_the_current_one_reaches_the_period() =>
        Assert.Equal(Now.AddDays(20), new RotationPolicy(TimeSpan.FromDays(30), null).Due(Now.AddDays(-10), Now));

    [Fact]
    public void A_period_of_zero_turns_renewal_off() => Assert.Null(new RotationPolicy(TimeSpan.Zero, null).Due(Now.AddYears(-9), Now));

    [Fact]
    public void A_cutoff_after_the_current_key_brings_the_renewal_forward() =>
        Assert.Equal(Now.AddDays(-1), new RotationPolicy(TimeSpan.FromDays(30), Now.AddDays(-1)).Due(Now.AddDays(-2), Now));

    [Fact]
    public void A_cutoff_in_the_future_waits_for_its_moment() =>
        Assert.Equal(Now.AddDays(5), new RotationPolicy(TimeSpan.Zero, Now.AddDays(5)).Due(Now.AddDays(-2), Now));

    [Fact]
    public void A_cutoff_before_the_current_key_means_nothing() =>
        Assert.Null(new RotationPolicy(TimeSpan.Zero, Now.AddDays(-5)).Due(Now.AddDays(-2), Now));

    [Fact]
    public void A_period_beyond_the_end_of_time_means_never() => Assert.Null(new RotationPolicy(TimeSpan.MaxValue, null).Due(Now, Now));
}
