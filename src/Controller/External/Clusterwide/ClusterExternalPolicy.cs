using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Providers.Values;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>Decides, without touching anything, where a ClusterExternalSecret belongs and what it is there.</summary>
internal static class ClusterExternalPolicy
{
    /// <summary>Annotations by which somebody wants the values anew.</summary>
    private static readonly string[] Requests = [ExternalSecretNames.ForceSyncAnnotation, ReconcileRequest.Annotation];

    /// <summary>The namespaces that are chosen, sorted: by any selector, or by name.</summary>
    public static IReadOnlyList<string> Choose(ClusterExternalSecret source, IEnumerable<PartialObjectMetadata> namespaces)
    {
        var selectors = (source.Spec.NamespaceSelectors ?? []).ToList();
        if (source.Spec.NamespaceSelector is { } selector) selectors.Add(selector);
        var names = (source.Spec.Namespaces ?? []).ToHashSet(StringComparer.Ordinal);
        return Choose(selectors, names, namespaces);
    }

    /// <summary>None that is on its way out: the API server takes nothing new there, and what is there goes with it.</summary>
    internal static IReadOnlyList<string> Choose(IReadOnlyList<LabelSelector> selectors, HashSet<string> names, IEnumerable<PartialObjectMetadata> namespaces) =>
        [.. namespaces.Where(found => !found.Deleting && (names.Contains(found.Key.Name) || selectors.Any(wanted => LabelMatch.Matches(wanted, Labels(found))))).Select(found => found.Key.Name).Order(StringComparer.Ordinal)];

    public static bool IsMadeBy(ExternalSecret found, string name) => ProvisionMetadata.IsMadeBy(found.Metadata, ClusterExternalSecret.ClusterExternalSecretKind, name);

    /// <summary>What has to be there; the very same object when nothing has to change.</summary>
    public static ExternalSecret Next(ClusterExternalSecret source, NamespacedName key, ExternalSecret? present)
    {
        var metadata = source.Spec.ExternalSecretMetadata;
        var annotations = new SortedDictionary<string, string>(metadata?.Annotations ?? [], StringComparer.Ordinal);
        foreach (var request in Requests)
        {
            if (source.Metadata.Annotation(request) is { } asked) annotations[request] = asked;
        }
        var owner = ProvisionMetadata.Owner(ExternalSecretNames.GroupV1, ClusterExternalSecret.ClusterExternalSecretKind, source.Metadata);
        var next = (present ?? new ExternalSecret()) with
        {
            Spec = source.Spec.ExternalSecretSpec,
            Metadata = ProvisionMetadata.Next(present?.Metadata, key, metadata?.Labels, annotations, owner),
            Status = null,
        };
        return present is not null && ProvisionMetadata.Same(present.Metadata, next.Metadata) && Text(present.Spec) == Text(next.Spec) ? present : next;
    }

    private static string Text(ExternalSecretSpec spec) => JsonSerializer.Serialize(new ExternalSecret { Spec = spec }, ApiJson.Compact.ExternalSecret);

    private static Dictionary<string, string> Labels(PartialObjectMetadata found)
    {
        var labels = found.Labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
        // Old API servers do not set it, and selectors by name count on it.
        labels.TryAdd("kubernetes.io/metadata.name", found.Key.Name);
        return labels;
    }
}
