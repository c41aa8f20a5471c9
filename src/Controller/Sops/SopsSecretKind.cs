using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>SopsSecrets on the API server and in the cache.</summary>
internal static class SopsSecretKind
{
    public static KubeKind<SopsSecret> Instance { get; } = KubeKind.Of(
        new KubeResource(SopsSecret.Group, SopsSecret.Version, SopsSecret.Plural), ApiJson.Compact.SopsSecret, sopsSecret => sopsSecret.Metadata);

    /// <summary>Said of one that cannot be read: as of a document that cannot.</summary>
    public static UnreadableTerms Unreadable { get; } = new()
    {
        Resource = Instance.Resource,
        Kind = SopsSecret.SopsSecretKind,
        Shape = ApiJson.Compact.SopsSecret,
        Reason = SopsReason.InvalidDocument,
        Conditions = [(SopsStatus.ReadyType, "False", true), (SopsStatus.ReconcilingType, "False", false), (SopsStatus.StalledType, "True", false)],
        Message = SopsOutcome.DecryptionError,
    };

    /// <summary>Without <c>managedFields</c> and kubectl's copy of the manifest, which together are larger than all the rest.</summary>
    public static SopsSecret Trim(SopsSecret read)
    {
        var annotations = read.Metadata.Annotations;
        annotations?.Remove(SealedSecretAnnotations.LastApplied);
        return read with { Metadata = read.Metadata with { ManagedFields = null, Annotations = annotations is { Count: 0 } ? null : annotations } };
    }
}
