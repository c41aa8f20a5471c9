using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>What people are told of an object that is to be in many namespaces: in which it is not, and why. Pure.</summary>
internal static class ProvisionNews
{
    public static ObjectOutcome Of(string kind, NamespacedName key, IReadOnlyList<FailedNamespace> failed) => failed.Count == 0
        ? new ObjectOutcome(kind, key, OutcomeState.Well, ProvisionCondition.Provisioned)
        : new ObjectOutcome(kind, key, OutcomeState.Failed, ProvisionCondition.NamespacesFailed, string.Join("; ", failed.Select(entry => $"{entry.Namespace}: {entry.Reason}")));

    public static ObjectOutcome Gone(string kind, NamespacedName key) => new(kind, key, OutcomeState.Well, ObjectOutcome.Deleted);
}
