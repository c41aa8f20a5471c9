using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Target;

/// <summary>The metadata of what an ExternalSecret writes, of whatever kind it is. Pure.</summary>
internal static class TargetMetadata
{
    private const string True = "true";

    public static OwnerReference? Controller(ObjectMeta metadata) => metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true);

    public static bool IsControlledBy(ObjectMeta metadata, string sourceName) => Controller(metadata) is { } controller && IsExternalSecret(controller) && controller.Name == sourceName;

    /// <summary>The predecessor (<c>kubernetes-client.io</c>) has a kind of the same name.</summary>
    public static bool IsExternalSecret(OwnerReference owner) => owner.IsOf(ExternalSecretNames.Group, ExternalSecret.ExternalSecretKind);

    /// <summary>With all that says whose it is.</summary>
    public static ObjectMeta Marked(ObjectMeta metadata, TargetOwner owner, string dataHash)
    {
        var labels = new SortedDictionary<string, string>(metadata.Labels ?? [], StringComparer.Ordinal) { [ExternalSecretNames.ManagedLabel] = True };
        if (owner.IsOwning) labels[ExternalSecretNames.CreatedByLabel] = TargetIdentity.OwnerHash(owner.Namespace, owner.Name);
        else labels.Remove(ExternalSecretNames.CreatedByLabel);
        var annotations = new SortedDictionary<string, string>(metadata.Annotations ?? [], StringComparer.Ordinal) { [ExternalSecretNames.DataHashAnnotation] = dataHash };
        return metadata with { Labels = labels, Annotations = annotations, OwnerReferences = Owners(metadata.OwnerReferences, owner) };
    }

    /// <summary>What is there, without what we wrote before, and with what is wanted now; what is spared stays as it is.</summary>
    public static SortedDictionary<string, string> Over(SortedDictionary<string, string>? present, IReadOnlySet<string> ours, IReadOnlySet<string> spared, SortedDictionary<string, string> wanted)
    {
        var next = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in present ?? []) if (!ours.Contains(key)) next[key] = value;
        foreach (var (key, value) in wanted) if (!spared.Contains(key) || !next.ContainsKey(key)) next[key] = value;
        return next;
    }

    public static IReadOnlyList<string>? Finalizers(IReadOnlyList<string>? present, IReadOnlyList<string> wanted) =>
        wanted.Count == 0 ? present : [.. (present ?? []).Union(wanted, StringComparer.Ordinal)];

    public static bool Same(ObjectMeta left, ObjectMeta right) =>
        (left.Labels ?? []).SequenceEqual(right.Labels ?? [])
        && (left.Annotations ?? []).SequenceEqual(right.Annotations ?? [])
        && (left.Finalizers ?? []).SequenceEqual(right.Finalizers ?? [])
        && SameOwners(left.OwnerReferences, right.OwnerReferences);

    private static List<OwnerReference>? Owners(IReadOnlyList<OwnerReference>? present, TargetOwner owner)
    {
        var others = (present ?? []).Where(reference => !(IsExternalSecret(reference) && reference.Name == owner.Name)).ToList();
        if (owner.IsOwning)
        {
            var there = present?.FirstOrDefault(reference => reference.Uid == owner.Uid);
            // Where the API server did not let it block the owner's deletion, it is not asked again at each pass.
            var blocks = there is { Controller: true } ? there.BlockOwnerDeletion : true;
            others.Add(new OwnerReference { ApiVersion = there?.ApiVersion ?? ExternalSecretNames.GroupV1, Kind = ExternalSecret.ExternalSecretKind, Name = owner.Name, Uid = owner.Uid, Controller = true, BlockOwnerDeletion = blocks });
        }
        return others.Count == 0 ? null : others;
    }

    private static bool SameOwners(IReadOnlyList<OwnerReference>? left, IReadOnlyList<OwnerReference>? right) =>
        (left ?? []).Count == (right ?? []).Count && (left ?? []).All(reference => right!.Contains(reference));
}
