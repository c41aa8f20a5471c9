using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>The annotation that names the key of all items.</summary>
internal static class KeyHint
{
    /// <summary>Keeps it true: it names the certificate's key where that seals all items now, and goes where there are two keys.</summary>
    /// <param name="edit">Of the object's file.</param>
    /// <param name="target">The object.</param>
    /// <param name="before">As it was.</param>
    /// <param name="items">Those that were sealed since.</param>
    /// <param name="certificate">Which they were sealed to.</param>
    public static void Mend(ManifestEdit edit, ManifestObject target, SealedSecret before, IReadOnlyCollection<string> items, SealingCertificate certificate)
    {
        if (items.Count == 0 || before.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is not { } hint || hint == certificate.Fingerprint) return;
        if ((before.Spec.EncryptedData ?? []).Keys.All(items.Contains)) edit.Set(target, certificate.Fingerprint, "metadata", "annotations", SealedSecretAnnotations.SealingKeyHint);
        else edit.Remove(target, "metadata", "annotations", SealedSecretAnnotations.SealingKeyHint);
    }
}
