using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>One SealedSecret and its Secret as the watches show them at this moment; nothing here changes afterwards.</summary>
/// <param name="Source">Never modified.</param>
/// <param name="Secret">Metadata only; <c>null</c> when the watch shows none.</param>
/// <param name="Inputs">Hash over what decides about the Secret.</param>
/// <param name="LastMark">What the Secret was last made from successfully, by us or, before a restart, by our predecessor.</param>
/// <param name="IsRequested">Somebody asked for a pass, whatever we think of it.</param>
/// <param name="SeesEverySecret">Whether a Secret that the watch does not show is not there.</param>
internal sealed record SealedView(NamespacedName Key, SealedSecret Source, PartialObjectMetadata? Secret, string Inputs, ObservedMark? LastMark, bool IsRequested, bool SeesEverySecret)
{
    /// <summary>The Secret, or that there is none, is from a question of its own and not from the watch.</summary>
    public bool WasAskedFor { get; private init; }

    /// <summary>The SealedSecret is new, or was edited since its Secret was last made from it.</summary>
    public bool SourceChanged => LastMark?.Inputs != Inputs;

    public bool IsBeingDeleted => Source.Metadata.DeletionTimestamp is not null;

    /// <summary>Fingerprints of the keys that opened it last; none while that is not known.</summary>
    public IReadOnlyList<string> SealingKeys => ObservedNote.Of(Source.Status).SealingKeys;

    public bool SecretIsKnownToBeAbsent => Secret is null && (SeesEverySecret || WasAskedFor);

    /// <summary>Same source, and a Secret that nobody has touched since: nothing to open, to ask for or to write.</summary>
    public bool IsUnchanged => !IsRequested && !SourceChanged && (Secret is null ? !SecretIsKnownToBeAbsent || LastMark!.Value.IsOfLentSecret : LastMark?.Secret == HashOf(Secret));

    /// <summary>The same with what was answered about the Secret that the watch does not show.</summary>
    public SealedView With(PartialObjectMetadata? secret) => this with { Secret = secret, WasAskedFor = true };

    private static string HashOf(PartialObjectMetadata secret) => ObservedMark.HashSecret(
        secret.Uid, secret.ResourceVersion, secret.Annotation(SealedSecretAnnotations.Patch), secret.Annotation(SealedSecretAnnotations.Managed));
}
