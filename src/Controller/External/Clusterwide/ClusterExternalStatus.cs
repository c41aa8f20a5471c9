using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What came of it → status. The original leaves reason and time of the condition empty; here they are there.</summary>
internal static class ClusterExternalStatus
{
    // The health check that Argo CD ships looks at the last condition, and knows a failure by these alone.
    private const string SomeAreThere = "PartiallyReady";
    private const string NoneIsThere = "NotReady";

    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    public static ClusterExternalSecretStatus? Next(ClusterExternalSecret source, IReadOnlyList<string> provisioned, IReadOnlyList<FailedNamespace> failed, DateTimeOffset now)
    {
        var ready = ProvisionCondition.Of(source.Status?.Conditions, failed, now);
        var next = new ClusterExternalSecretStatus
        {
            ExternalSecretName = source.EffectiveExternalSecretName,
            FailedNamespaces = failed.Count == 0 ? null : failed,
            ProvisionedNamespaces = provisioned.Count == 0 ? null : provisioned,
            Conditions = failed.Count == 0 ? [ready] : [ready, ready with { Type = provisioned.Count > 0 ? SomeAreThere : NoneIsThere, Status = "True" }],
            ObservedGeneration = source.Metadata.Generation,
        };
        return Same(source.Status, next) ? null : next;
    }

    /// <summary>One that cannot be done as it is written: what it made stays, and is told on.</summary>
    /// <param name="conditions">Why.</param>
    /// <returns>As of <see cref="Next"/>.</returns>
    public static ClusterExternalSecretStatus? Refused(ClusterExternalSecret source, IReadOnlyList<Condition> conditions)
    {
        var present = source.Status ?? new ClusterExternalSecretStatus();
        var next = present with
        {
            Conditions = [.. conditions, conditions[0] with { Type = present.ProvisionedNamespaces is { Count: > 0 } ? SomeAreThere : NoneIsThere, Status = "True" }],
            ObservedGeneration = source.Metadata.Generation,
        };
        return Same(source.Status, next) ? null : next;
    }

    private static bool Same(ClusterExternalSecretStatus? present, ClusterExternalSecretStatus next) =>
        present is not null
        && present.ExternalSecretName == next.ExternalSecretName
        && present.ObservedGeneration == next.ObservedGeneration
        && ProvisionCondition.SameLists((present.FailedNamespaces, present.ProvisionedNamespaces, present.Conditions), (next.FailedNamespaces, next.ProvisionedNamespaces, next.Conditions));
}
