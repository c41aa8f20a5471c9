using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External;

/// <summary>When a condition last turned.</summary>
internal static class ConditionTime
{
    /// <summary>The time stays while the status does.</summary>
    /// <param name="next">A condition without a time.</param>
    /// <param name="present">The conditions that stand there.</param>
    /// <param name="time">Now.</param>
    public static Condition Of(Condition next, IReadOnlyList<Condition>? present, string time)
    {
        var before = present?.FirstOrDefault(condition => condition.Type == next.Type);
        return next with { LastTransitionTime = before is not null && before.Status == next.Status ? before.LastTransitionTime : time };
    }
}
