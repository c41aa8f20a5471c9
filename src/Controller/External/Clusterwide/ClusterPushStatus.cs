using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What came of it → status.</summary>
internal static class ClusterPushStatus
{
    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    public static ClusterPushSecretStatus? Next(ClusterPushSecret source, IReadOnlyList<string> provisioned, IReadOnlyList<FailedNamespace> failed, DateTimeOffset now)
    {
        var next = new ClusterPushSecretStatus
        {
            PushSecretName = source.EffectivePushSecretName,
            FailedNamespaces = failed.Count == 0 ? null : failed,
            ProvisionedNamespaces = provisioned.Count == 0 ? null : provisioned,
            Conditions = [ProvisionCondition.Of(source.Status?.Conditions, failed, now)],
            ObservedGeneration = source.Metadata.Generation,
        };
        return Same(source.Status, next) ? null : next;
    }

    /// <summary>One that cannot be done as it is written: what it made stays, and is told on.</summary>
    /// <param name="conditions">Why.</param>
    /// <returns>As of <see cref="Next"/>.</returns>
    public static ClusterPushSecretStatus? Refused(ClusterPushSecret source, IReadOnlyList<Condition> conditions)
    {
        var next = (source.Status ?? new ClusterPushSecretStatus()) with { Conditions = conditions, ObservedGeneration = source.Metadata.Generation };
        return Same(source.Status, next) ? null : next;
    }

    private static bool Same(ClusterPushSecretStatus? present, ClusterPushSecretStatus next) =>
        present is not null
        && present.PushSecretName == next.PushSecretName
        && present.ObservedGeneration == next.ObservedGeneration
        && ProvisionCondition.SameLists((present.FailedNamespaces, present.ProvisionedNamespaces, present.Conditions), (next.FailedNamespaces, next.ProvisionedNamespaces, next.Conditions));
}
