using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>SealedSecrets on the API server and in the cache.</summary>
internal static class SealedSecretKind
{
    public static KubeKind<SealedSecret> Instance { get; } = KubeKind.Of(
        new KubeResource(SealedSecret.Group, SealedSecret.Version, SealedSecret.Plural), ApiJson.Compact.SealedSecret, sealedSecret => sealedSecret.Metadata);

    /// <summary>Said of one that cannot be read: as of one that does not open.</summary>
    public static UnreadableTerms Unreadable { get; } = new()
    {
        Resource = Instance.Resource,
        Kind = SealedSecret.SealedSecretKind,
        Shape = ApiJson.Compact.SealedSecret,
        Reason = SealedOutcome.ErrUnsealFailed,
        Conditions = [(SealedStatus.SyncedType, "False", true), (SealedStatus.ReadyType, "False", true), (SealedStatus.StalledType, "True", false)],
        HasUpdateTimes = true,
    };

    public static bool IsController(OwnerReference owner) => owner.Controller == true && owner.IsOf(SealedSecret.Group, SealedSecret.SealedSecretKind);

    /// <summary>Without <c>managedFields</c> and kubectl's copy of the manifest, which together are larger than all the rest.</summary>
    public static SealedSecret Trim(SealedSecret read)
    {
        var annotations = read.Metadata.Annotations;
        annotations?.Remove(SealedSecretAnnotations.LastApplied);
        return read with { Metadata = read.Metadata with { ManagedFields = null, Annotations = annotations is { Count: 0 } ? null : annotations } };
    }
}
