using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>What looking at a store came to → its status.</summary>
internal static class StoreStatus
{
    /// <param name="present">What stands there.</param>
    /// <param name="observed">The generation to write, if any.</param>
    /// <param name="finding">What it came to.</param>
    /// <param name="now">The time of a condition that turns.</param>
    public static SecretStoreStatus Next(SecretStoreStatus? present, long? observed, StoreFinding finding, DateTimeOffset now)
    {
        var before = present?.Conditions?.FirstOrDefault(condition => condition.Type == Condition.Ready);
        var status = finding.IsReady ? "True" : "False";
        var ready = new Condition
        {
            Type = Condition.Ready,
            Status = status,
            Reason = finding.Reason,
            Message = finding.FullMessage,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : ExternalStatus.Format(now),
        };
        return (present ?? new SecretStoreStatus()) with
        {
            Conditions = [ready, .. (present?.Conditions ?? []).Where(condition => condition.Type != Condition.Ready)],
            Capabilities = finding.Capability ?? present?.Capabilities,
            ObservedGeneration = observed,
        };
    }

    public static bool Changed(SecretStoreStatus? present, SecretStoreStatus next) =>
        present is null || present with { Conditions = null } != next with { Conditions = null } || !(present.Conditions ?? []).SequenceEqual(next.Conditions ?? []);
}
