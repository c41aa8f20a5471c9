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
        var ready = new Condition { Type = Condition.Ready, Status = finding.IsReady ? "True" : "False", Reason = finding.Reason, Message = finding.FullMessage };
        return (present ?? new SecretStoreStatus()) with
        {
            Conditions = [ConditionTime.Of(ready, present?.Conditions, ExternalStatus.Format(now)), .. (present?.Conditions ?? []).Where(condition => condition.Type != Condition.Ready)],
            Capabilities = finding.Capability ?? present?.Capabilities,
            ObservedGeneration = observed,
        };
    }

    public static bool Changed(SecretStoreStatus? present, SecretStoreStatus next) =>
        present is null || present with { Conditions = null } != next with { Conditions = null } || !(present.Conditions ?? []).SequenceEqual(next.Conditions ?? []);
}
