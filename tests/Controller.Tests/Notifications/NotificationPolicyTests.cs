using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Tests.Notifications;

public sealed class NotificationPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void What_is_well_from_the_start_is_no_news() => Assert.Null(new NotificationPolicy(Day).Judge(Outcome(OutcomeState.Well), Start));

    [Fact]
    public void A_failure_is_told_once_and_its_end_once()
    {
        var policy = new NotificationPolicy(Day);
        Assert.Equal(NotificationKind.Failure, policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start)!.Kind);
        Assert.Null(policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start.AddHours(1)));
        Assert.Equal(NotificationKind.Recovery, policy.Judge(Outcome(OutcomeState.Well), Start.AddHours(2))!.Kind);
        Assert.Null(policy.Judge(Outcome(OutcomeState.Well), Start.AddHours(3)));
        Assert.Equal(NotificationKind.Failure, policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start.AddHours(4))!.Kind);
    }

    [Fact]
    public void Another_reason_is_news_and_another_message_is_not()
    {
        var policy = new NotificationPolicy(Day);
        policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start);
        Assert.Null(policy.Judge(Outcome(OutcomeState.Failed, "NoKey", "other words"), Start));
        Assert.NotNull(policy.Judge(Outcome(OutcomeState.Failed, "MacMismatch"), Start));
    }

    [Theory]
    [InlineData(24, 23.9, false)]
    [InlineData(24, 24, true)]
    [InlineData(0, 1000, false)]
    public void The_same_trouble_is_told_again_after_the_time_that_is_set(double repeat, double later, bool told)
    {
        var policy = new NotificationPolicy(TimeSpan.FromHours(repeat));
        policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start);
        Assert.Equal(told, policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start.AddHours(later)) is not null);
    }

    [Fact]
    public void Two_objects_do_not_hide_each_other()
    {
        var policy = new NotificationPolicy(Day);
        policy.Judge(Outcome(OutcomeState.Failed, "NoKey"), Start);
        Assert.NotNull(policy.Judge(Outcome(OutcomeState.Failed, "NoKey") with { Kind = "SopsSecret" }, Start));
        Assert.NotNull(policy.Judge(Outcome(OutcomeState.Failed, "NoKey") with { Key = new NamespacedName("shop", "other") }, Start));
    }

    [Fact]
    public void A_message_is_one_bounded_line()
    {
        var told = new Notification(NotificationKind.Failure, Outcome(OutcomeState.Failed, "NoKey", "a\r\nb" + new string('x', 2000)), Start);
        Assert.StartsWith("a  b", told.Message, StringComparison.Ordinal);
        Assert.True(told.Message.Length < 700);
    }

    private static ObjectOutcome Outcome(OutcomeState state, string reason = "", string message = "m") => new("SealedSecret", new NamespacedName("shop", "db"), state, reason, message);
}
