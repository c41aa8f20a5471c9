using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What came of it → status.</summary>
internal static class ClusterPushStatus
{
    private const string SomeFailed = "one or more namespaces failed";

    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    public static ClusterPushSecretStatus? Next(ClusterPushSecret source, IReadOnlyList<string> provisioned, IReadOnlyList<FailedNamespace> failed, DateTimeOffset now)
    {
        var before = source.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Condition.Ready);
        var status = failed.Count == 0 ? "True" : "False";
        var ready = new Condition
        {
            Type = Condition.Ready,
            Status = status,
            Reason = failed.Count == 0 ? "Provisioned" : "NamespacesFailed",
            Message = failed.Count == 0 ? null : SomeFailed,
            LastTransitionTime = before?.Status == status && before.LastTransitionTime is { } since ? since : ExternalStatus.Format(now),
        };
        var next = new ClusterPushSecretStatus
        {
            PushSecretName = source.EffectivePushSecretName,
            FailedNamespaces = failed.Count == 0 ? null : failed,
            ProvisionedNamespaces = provisioned.Count == 0 ? null : provisioned,
            Conditions = [ready],
            ObservedGeneration = source.Metadata.Generation,
        };
        return Same(source.Status, next) ? null : next;
    }

    private static bool Same(ClusterPushSecretStatus? present, ClusterPushSecretStatus next) =>
        present is not null
        && present.PushSecretName == next.PushSecretName
        && present.ObservedGeneration == next.ObservedGeneration
        && (present.FailedNamespaces ?? []).SequenceEqual(next.FailedNamespaces ?? [])
        && (present.ProvisionedNamespaces ?? []).SequenceEqual(next.ProvisionedNamespaces ?? [])
        && (present.Conditions ?? []).SequenceEqual(next.Conditions ?? []);
}
