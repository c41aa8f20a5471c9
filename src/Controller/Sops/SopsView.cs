using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>One SopsSecret and its Secrets as the watches show them at this moment; nothing here changes afterwards.</summary>
/// <param name="Source">Never modified.</param>
/// <param name="Secrets">Metadata of the Secrets that the SopsSecret controls.</param>
/// <param name="Inputs">Hash over what decides about the Secrets.</param>
/// <param name="LastMark">What the Secrets were last made from successfully, by us or, before a restart, by our predecessor.</param>
/// <param name="IsSettled">This process has made or checked them since, and no watch showed one touched.</param>
/// <param name="IsRequested">Somebody asked for a pass, whatever we think of it.</param>
/// <param name="SeesEverySecret">Whether a Secret that the watch does not show is not there.</param>
internal sealed record SopsView(
    NamespacedName Key, SopsSecret Source, IReadOnlyList<PartialObjectMetadata> Secrets, string Inputs, SopsMark? LastMark, bool IsSettled, bool IsRequested, bool SeesEverySecret)
{
    /// <summary>The SopsSecret is new, or was edited since its Secrets were last made from it.</summary>
    public bool SourceChanged => LastMark?.Inputs != Inputs;

    public bool IsBeingDeleted => Source.Metadata.DeletionTimestamp is not null;

    public bool IsSuspended => Source.Spec.Suspend == true;

    /// <summary>
    /// Same source, and Secrets that nobody has touched since: nothing to open, to ask for or to write. Where not every Secret is watched, those are looked at once after a start, and what they
    /// are called is known only when the object is open.
    /// </summary>
    public bool IsUnchanged => !IsRequested && !SourceChanged && (SeesEverySecret ? LastMark?.Secrets == SopsMark.HashSecrets(Secrets) : IsSettled);
}
