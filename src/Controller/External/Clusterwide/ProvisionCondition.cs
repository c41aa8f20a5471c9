using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>The condition of whatever makes an object in many namespaces: whether it is in all that it chose.</summary>
internal static class ProvisionCondition
{
    public const string Provisioned = "Provisioned";
    public const string NamespacesFailed = "NamespacesFailed";
    public const string Invalid = "Invalid";

    private const string SomeFailed = "one or more namespaces failed";

    /// <summary>Whether what differs between passes, in the statuses of all such objects, is the same.</summary>
    public static bool SameLists(
        (IReadOnlyList<FailedNamespace>? Failed, IReadOnlyList<string>? Provisioned, IReadOnlyList<Condition>? Conditions) present,
        (IReadOnlyList<FailedNamespace>? Failed, IReadOnlyList<string>? Provisioned, IReadOnlyList<Condition>? Conditions) next) =>
        (present.Failed ?? []).SequenceEqual(next.Failed ?? [])
        && (present.Provisioned ?? []).SequenceEqual(next.Provisioned ?? [])
        && (present.Conditions ?? []).SequenceEqual(next.Conditions ?? []);

    /// <param name="present">The conditions so far: while the status stays, so does its time.</param>
    public static Condition Of(IReadOnlyList<Condition>? present, IReadOnlyList<FailedNamespace> failed, DateTimeOffset now)
    {
        var before = present?.FirstOrDefault(condition => condition.Type == Condition.Ready);
        var status = failed.Count == 0 ? "True" : "False";
        return new Condition
        {
            Type = Condition.Ready,
            Status = status,
            Reason = failed.Count == 0 ? Provisioned : NamespacesFailed,
            Message = failed.Count == 0 ? null : SomeFailed,
            LastTransitionTime = before?.Status == status && before.LastTransitionTime is { } since ? since : ExternalStatus.Format(now),
        };
    }
}
