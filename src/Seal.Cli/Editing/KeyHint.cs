using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>The annotation that names the key of all items.</summary>
internal static class KeyHint
{
    /// <summary>Where it stands.</summary>
    public static readonly string[] Path = ["metadata", "annotations", SealedSecretAnnotations.SealingKeyHint];

    /// <summary>Notes what re-sealing makes of it.</summary>
    /// <param name="changes">Of the object, its items so far.</param>
    /// <param name="old">As it was.</param>
    /// <param name="hint">As it is to be; null leaves it.</param>
    public static void Note(List<(string[] Path, string Value)> changes, string? old, string? hint)
    {
        // An object that is current is left alone, even where it lacks the hint; not where the hint is wrong, which everybody believes.
        if (hint is not null && hint != old && (changes.Count > 0 || old is not null)) changes.Add((Path, hint));
    }

    /// <summary>Keeps it true: it names the certificate's key where that seals all items now, and goes where there are two keys.</summary>
    /// <param name="edit">Of the object's file.</param>
    /// <param name="target">The object.</param>
    /// <param name="before">As it was.</param>
    /// <param name="items">Those that were sealed since.</param>
    /// <param name="certificate">Which they were sealed to.</param>
    public static void Mend(ManifestEdit edit, ManifestObject target, SealedSecret before, IReadOnlyCollection<string> items, SealingCertificate certificate)
    {
        if (items.Count == 0 || before.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint) is not { } hint || hint == certificate.Fingerprint) return;
        if ((before.Spec.EncryptedData ?? []).Keys.All(items.Contains)) edit.Set(target, certificate.Fingerprint, Path);
        else edit.Remove(target, Path);
    }
}
