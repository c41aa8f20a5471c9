using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.External.Refresh;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>How often a cluster-wide object is looked at anew though nothing woke it.</summary>
internal static class ProvisionInterval
{
    private static readonly TimeSpan Standard = TimeSpan.FromHours(1);

    /// <param name="refreshTime">As asked for; none, zero and less mean the standard.</param>
    public static TimeSpan Of(GoDuration? refreshTime) => refreshTime?.Value is { } interval && interval > TimeSpan.Zero ? RefreshSchedule.Bounded(interval) : Standard;
}
