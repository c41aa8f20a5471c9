using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Tests.GitOps;

/// <summary>Flux waits for what is not there yet, goes on when it is, and stops at once when it never will be.</summary>
public sealed class KstatusTests
{
    [Theory]
    [InlineData("New", 0, Kstatus.InProgress)]
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
    [InlineData("New", 0, Kstatus.InProgress)]
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
    [InlineData("New", 0, Kstatus.InProgress)]
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
}
