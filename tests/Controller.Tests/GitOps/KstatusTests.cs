namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>Flux waits for what is not there yet, goes on when it is, and stops at once when it never will be.</summary>
public sealed class KstatusTests
{
    [Theory]
    [InlineData("Synced", 0, Kstatus.Current)]
    [InlineData("Synced", 1, Kstatus.InProgress)]
    [InlineData("Final", 0, Kstatus.Failed)]
    [InlineData("Final", 1, Kstatus.InProgress)]
    [InlineData("Retried", 0, Kstatus.InProgress)]
    public void A_SealedSecret_says_to_Flux_what_is_so(string outcome, int behind, string expected) =>
        Assert.Equal(expected, Kstatus.Of(ReportedStatuses.Sealed(outcome, behind)));

    [Theory]
    [InlineData("New", 0, Kstatus.InProgress)]
    [InlineData("Synced", 0, Kstatus.Current)]
    [InlineData("Synced", 1, Kstatus.InProgress)]
    [InlineData("Final", 0, Kstatus.Failed)]
    [InlineData("Final", 1, Kstatus.InProgress)]
    [InlineData("Retried", 0, Kstatus.InProgress)]
    [InlineData("Suspended", 0, Kstatus.InProgress)]
    public void A_SopsSecret_says_to_Flux_what_is_so(string outcome, int behind, string expected) =>
        Assert.Equal(expected, Kstatus.Of(ReportedStatuses.Sops(outcome, behind)));

    [Theory]
    [InlineData("Synced", 0, Kstatus.Current)]
    [InlineData("Synced", 1, Kstatus.InProgress)]
    [InlineData("Final", 0, Kstatus.Failed)]
    [InlineData("Final", 1, Kstatus.InProgress)]
    [InlineData("Retried", 0, Kstatus.InProgress)]
    public void ExternalSecrets_and_PushSecrets_say_to_Flux_what_is_so(string outcome, int behind, string expected)
    {
        Assert.Equal(expected, Kstatus.Of(ReportedStatuses.External(outcome, behind)));
        Assert.Equal(expected, Kstatus.Of(ReportedStatuses.Pushed(outcome, behind)));
    }
}
