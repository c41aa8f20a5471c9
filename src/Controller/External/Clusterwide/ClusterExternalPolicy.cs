using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>Decides, without touching anything, where a ClusterExternalSecret belongs and what it is there.</summary>
internal static class ClusterExternalPolicy
{
    /// <summary>The namespaces that are chosen, sorted: by any selector, or by name.</summary>
    public static IReadOnlyList<string> Choose(ClusterExternalSecret source, IEnumerable<PartialObjectMetadata> namespaces)
    {
        var selectors = (source.Spec.NamespaceSelectors ?? []).ToList();
        if (source.Spec.NamespaceSelector is { } selector) selectors.Add(selector);
        var names = (source.Spec.Namespaces ?? []).ToHashSet(StringComparer.Ordinal);
        return Choose(selectors, names, namespaces);
    }

    internal static IReadOnlyList<string> Choose(IReadOnlyList<LabelSelector> selectors, HashSet<string> names, IEnumerable<PartialObjectMetadata> namespaces) =>
        [.. namespaces.Where(found => names.Contains(found.Key.Name) || selectors.Any(wanted => LabelMatch.Matches(wanted, Labels(found)))).Select(found => found.Key.Name).Order(StringComparer.Ordinal)];

    public static bool IsMadeBy(ExternalSecret found, string name) =>
        found.Metadata.OwnerReferences?.Any(owner => owner is { Controller: true, Kind: ClusterExternalSecret.ClusterExternalSecretKind } && owner.Name == name) == true;

    /// <summary>What has to be there; the very same object when nothing has to change.</summary>
    public static ExternalSecret Next(ClusterExternalSecret source, string @namespace, ExternalSecret? present)
    {
        var metadata = source.Spec.ExternalSecretMetadata;
        var annotations = new SortedDictionary<string, string>(metadata?.Annotations ?? [], StringComparer.Ordinal);
        if (source.Metadata.Annotation(ExternalSecretNames.ForceSyncAnnotation) is { } forced) annotations[ExternalSecretNames.ForceSyncAnnotation] = forced;
        var next = (present ?? new ExternalSecret()) with
        {
            Spec = source.Spec.ExternalSecretSpec,
            Metadata = (present?.Metadata ?? new ObjectMeta()) with
            {
                Name = source.EffectiveExternalSecretName,
                Namespace = @namespace,
                Labels = metadata?.Labels,
                Annotations = annotations.Count == 0 ? null : annotations,
                OwnerReferences = [.. (present?.Metadata.OwnerReferences ?? []).Where(owner => owner.Controller != true), Owner(source)],
            },
        };
        return present is not null && Same(present, next) ? present : next;
    }

    private static OwnerReference Owner(ClusterExternalSecret source) => new()
    {
        ApiVersion = ExternalSecretNames.GroupV1,
        Kind = ClusterExternalSecret.ClusterExternalSecretKind,
        Name = source.Metadata.Name ?? "",
        Uid = source.Metadata.Uid ?? "",
        Controller = true,
        BlockOwnerDeletion = true,
    };

    private static bool Same(ExternalSecret left, ExternalSecret right) =>
        (left.Metadata.Labels ?? []).SequenceEqual(right.Metadata.Labels ?? [])
        && (left.Metadata.Annotations ?? []).SequenceEqual(right.Metadata.Annotations ?? [])
        && (left.Metadata.OwnerReferences ?? []).Count == right.Metadata.OwnerReferences!.Count
        && right.Metadata.OwnerReferences.All(owner => left.Metadata.OwnerReferences!.Any(other => other.Uid == owner.Uid && other.Controller == owner.Controller))
        && Text(left.Spec) == Text(right.Spec);

    private static string Text(ExternalSecretSpec spec) => JsonSerializer.Serialize(new ExternalSecret { Spec = spec }, ApiJson.Compact.ExternalSecret);

    private static Dictionary<string, string> Labels(PartialObjectMetadata found)
    {
        var labels = found.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
        // Old API servers do not set it, and selectors by name count on it.
        labels.TryAdd("kubernetes.io/metadata.name", found.Key.Name);
        return labels;
    }
}
