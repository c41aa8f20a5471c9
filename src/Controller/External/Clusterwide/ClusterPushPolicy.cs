using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>Decides, without touching anything, where a ClusterPushSecret belongs and what it is there.</summary>
internal static class ClusterPushPolicy
{
    /// <summary>The namespaces that are chosen, sorted: by any selector.</summary>
    public static IReadOnlyList<string> Choose(ClusterPushSecret source, IEnumerable<PartialObjectMetadata> namespaces) =>
        ClusterExternalPolicy.Choose(source.Spec.NamespaceSelectors ?? [], [], namespaces);

    public static bool IsMadeBy(PushSecret found, string name) =>
        found.Metadata.OwnerReferences?.Any(owner => owner is { Controller: true, Kind: ClusterPushSecret.ClusterPushSecretKind } && owner.Name == name) == true;

    /// <summary>What has to be there; the very same object when nothing has to change.</summary>
    public static PushSecret Next(ClusterPushSecret source, string @namespace, PushSecret? present)
    {
        var metadata = source.Spec.PushSecretMetadata;
        var next = (present ?? new PushSecret()) with
        {
            Spec = source.Spec.PushSecretSpec,
            Metadata = (present?.Metadata ?? new ObjectMeta()) with
            {
                Name = source.EffectivePushSecretName,
                Namespace = @namespace,
                Labels = metadata?.Labels,
                Annotations = metadata?.Annotations,
                OwnerReferences = [.. (present?.Metadata.OwnerReferences ?? []).Where(owner => owner.Controller != true), Owner(source)],
            },
        };
        return present is not null && Same(present, next) ? present : next;
    }

    private static OwnerReference Owner(ClusterPushSecret source) => new()
    {
        ApiVersion = ExternalSecretNames.GroupV1Alpha1,
        Kind = ClusterPushSecret.ClusterPushSecretKind,
        Name = source.Metadata.Name ?? "",
        Uid = source.Metadata.Uid ?? "",
        Controller = true,
        BlockOwnerDeletion = true,
    };

    private static bool Same(PushSecret left, PushSecret right) =>
        (left.Metadata.Labels ?? []).SequenceEqual(right.Metadata.Labels ?? [])
        && (left.Metadata.Annotations ?? []).SequenceEqual(right.Metadata.Annotations ?? [])
        && (left.Metadata.OwnerReferences ?? []).Count == right.Metadata.OwnerReferences!.Count
        && right.Metadata.OwnerReferences.All(owner => left.Metadata.OwnerReferences!.Any(other => other.Uid == owner.Uid && other.Controller == owner.Controller))
        && Text(left.Spec) == Text(right.Spec);

    private static string Text(PushSecretSpec spec) => JsonSerializer.Serialize(new PushSecret { Spec = spec }, ApiJson.Compact.PushSecret);
}
