using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>The metadata of what a cluster-wide object makes: its name, what its template says, and whose it is. Pure.</summary>
internal static class ProvisionMetadata
{
    /// <summary>
    /// By kind, group and name. Not by UID: names of cluster-wide objects are unique, so one of the name with another UID is the predecessor, from before a restore, and
    /// what it made is taken over, as by the original.
    /// </summary>
    public static bool IsMadeBy(ObjectMeta found, string kind, string name) => found.OwnerReferences?.Any(owner =>
        owner.Controller == true && owner.Name == name && owner.IsOf(ExternalSecretNames.Group, kind)) == true;

    public static OwnerReference Owner(string apiVersion, string kind, ObjectMeta source) => new()
    {
        ApiVersion = apiVersion,
        Kind = kind,
        Name = source.Name ?? "",
        Uid = source.Uid ?? "",
        Controller = true,
        BlockOwnerDeletion = true,
    };

    /// <param name="labels">All of them: what somebody added goes.</param>
    /// <param name="annotations">All of them too.</param>
    public static ObjectMeta Next(ObjectMeta? present, NamespacedName key, SortedDictionary<string, string>? labels, SortedDictionary<string, string>? annotations, OwnerReference owner) =>
        (present ?? new ObjectMeta()) with
        {
            Name = key.Name,
            Namespace = key.Namespace,
            Labels = labels,
            Annotations = annotations is { Count: > 0 } ? annotations : null,
            OwnerReferences = [.. (present?.OwnerReferences ?? []).Where(other => other.Controller != true), owner],
        };

    public static bool Same(ObjectMeta left, ObjectMeta right) =>
        (left.Labels ?? []).SequenceEqual(right.Labels ?? [])
        && (left.Annotations ?? []).SequenceEqual(right.Annotations ?? [])
        && (left.OwnerReferences ?? []).Count == right.OwnerReferences!.Count
        && right.OwnerReferences.All(owner => left.OwnerReferences!.Any(other => other.Uid == owner.Uid && other.Controller == owner.Controller));
}
