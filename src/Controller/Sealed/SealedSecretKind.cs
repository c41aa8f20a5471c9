using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>SealedSecrets on the API server and in the cache.</summary>
internal static class SealedSecretKind
{
    public static KubeKind<SealedSecret> Instance { get; } = KubeKind.Of(
        new KubeResource(SealedSecret.Group, SealedSecret.Version, SealedSecret.Plural), ApiJson.Compact.SealedSecret, sealedSecret => sealedSecret.Metadata);

    /// <summary>Of our group, whatever the version: another may have a kind of the same name.</summary>
    public static bool IsController(OwnerReference owner) =>
        owner is { Controller: true, Kind: SealedSecret.SealedSecretKind } && owner.ApiVersion.StartsWith(SealedSecret.Group + "/", StringComparison.Ordinal);

    /// <summary>Without <c>managedFields</c> and kubectl's copy of the manifest, which together are larger than all the rest.</summary>
    public static SealedSecret Trim(SealedSecret read)
    {
        var annotations = read.Metadata.Annotations;
        annotations?.Remove(SealedSecretAnnotations.LastApplied);
        return read with { Metadata = read.Metadata with { ManagedFields = null, Annotations = annotations is { Count: 0 } ? null : annotations } };
    }
}
