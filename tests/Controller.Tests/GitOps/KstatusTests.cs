using System.Text.Json.Nodes;

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

    [Theory]
    [InlineData("Synced", 0, Kstatus.Current)]
    [InlineData("Synced", 1, Kstatus.InProgress)]
    [InlineData("Unknown", 0, Kstatus.Current)]
    [InlineData("Retried", 0, Kstatus.InProgress)]
    public void Stores_say_to_Flux_what_is_so(string outcome, int behind, string expected)
    {
        Assert.Equal(expected, Kstatus.Of(ReportedStatuses.Store(outcome, clusterWide: false, behind)));
        Assert.Equal(expected, Kstatus.Of(ReportedStatuses.Store(outcome, clusterWide: true, behind)));
    }

    [Theory]
    [InlineData(0, Kstatus.Current)]
    [InlineData(1, Kstatus.InProgress)]
    [InlineData(2, Kstatus.InProgress)]
    public void What_is_for_many_namespaces_is_waited_for_until_it_is_in_all(int failed, string expected)
    {
        foreach (var item in new[] { ReportedStatuses.Everywhere(failed), ReportedStatuses.PushedEverywhere(failed) })
        {
            Assert.Equal(expected, Kstatus.Of(item));
            item["metadata"]!["generation"] = 8L;
            Assert.Equal(Kstatus.InProgress, Kstatus.Of(item));
        }
    }

    [Fact]
    public void What_is_being_deleted_is_Terminating_whatever_was_said_of_it()
    {
        JsonObject[] items =
        [
            ReportedStatuses.Sealed("Synced"), ReportedStatuses.Sealed("Final"), ReportedStatuses.Sops("Synced"), ReportedStatuses.External("Synced"), ReportedStatuses.Pushed("Synced", 1),
            ReportedStatuses.Store("Synced", clusterWide: false), ReportedStatuses.Everywhere(1),
        ];
        Assert.All(items, item =>
        {
            item["metadata"]!["deletionTimestamp"] = "2026-01-02T03:04:05Z";
            Assert.Equal(Kstatus.Terminating, Kstatus.Of(item));
        });
    }

    /// <summary>Their definitions are the original's, without a first status: <c>docs/flux.md</c> says how to have Flux wait for them.</summary>
    [Fact]
    public void Before_the_controller_has_seen_them_only_SopsSecrets_are_waited_for()
    {
        Assert.Equal(Kstatus.InProgress, Kstatus.Of(ReportedStatuses.Sops("New")));
        JsonObject[] others = [ReportedStatuses.Sealed("New"), ReportedStatuses.External("New"), ReportedStatuses.Pushed("New"), ReportedStatuses.Store("New", clusterWide: true)];
        Assert.All(others, item => Assert.Equal(Kstatus.Current, Kstatus.Of(item)));
    }
}
