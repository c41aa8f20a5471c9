using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>Decides, without touching anything, where a ClusterPushSecret belongs and what it is there.</summary>
internal static class ClusterPushPolicy
{
    /// <summary>The namespaces that are chosen, sorted: by any selector.</summary>
    public static IReadOnlyList<string> Choose(ClusterPushSecret source, IEnumerable<PartialObjectMetadata> namespaces) =>
        ClusterExternalPolicy.Choose(source.Spec.NamespaceSelectors ?? [], [], namespaces);

    public static bool IsMadeBy(PushSecret found, string name) => ProvisionMetadata.IsMadeBy(found.Metadata, ClusterPushSecret.ClusterPushSecretKind, name);

    /// <summary>What has to be there; the very same object when nothing has to change.</summary>
    public static PushSecret Next(ClusterPushSecret source, NamespacedName key, PushSecret? present)
    {
        var metadata = source.Spec.PushSecretMetadata;
        var owner = ProvisionMetadata.Owner(ExternalSecretNames.GroupV1Alpha1, ClusterPushSecret.ClusterPushSecretKind, source.Metadata);
        var next = (present ?? new PushSecret()) with
        {
            Spec = source.Spec.PushSecretSpec,
            Metadata = ProvisionMetadata.Next(present?.Metadata, key, metadata?.Labels, metadata?.Annotations, owner),
            Status = null,
        };
        return present is not null && ProvisionMetadata.Same(present.Metadata, next.Metadata) && Text(present.Spec) == Text(next.Spec) ? present : next;
    }

    private static string Text(PushSecretSpec spec) => JsonSerializer.Serialize(new PushSecret { Spec = spec }, ApiJson.Compact.PushSecret);
}
