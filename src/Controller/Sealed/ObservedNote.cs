using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// What a status remembers for the next start. It lies in fields of ours; where the CRD is the original's, whose API server drops those, in the message of a condition: of them that CRD keeps
/// any, and neither the original nor a tool that follows kstatus looks at this one.
/// </summary>
/// <param name="Mark">What the Secret was last made from.</param>
/// <param name="SealingKeys">Fingerprints of the keys that opened it last; none while that is not known.</param>
/// <param name="Handled">The request for a pass that was acted upon last.</param>
internal readonly record struct ObservedNote(ObservedMark? Mark, IReadOnlyList<string> SealingKeys, string? Handled)
{
    public static ObservedNote Of(SealedSecretStatus? status)
    {
        if (!IsCarried(status)) return new ObservedNote(ObservedMark.TryParse(status?.ObservedHash), status?.SealingKeys ?? [], status?.LastHandledReconcileAt);
        var note = SealedSecretNote.Parse(Carrier(status)!.Message);
        return new ObservedNote(ObservedMark.TryParse(note.Hash), note.SealingKeys, note.Handled);
    }

    /// <summary>Whether the note is in a condition; the fields win, so that nothing old counts once the CRD is ours.</summary>
    public static bool IsCarried(SealedSecretStatus? status) => status?.ObservedHash is null && Carrier(status) is not null;

    public StatusCondition ToCondition() =>
        new() { Type = SealedSecretNote.ConditionType, Status = SealedStatus.True, Reason = SealedOutcome.Unsealed, Message = new SealedSecretNote($"{Mark}", SealingKeys, Handled).ToString() };

    private static StatusCondition? Carrier(SealedSecretStatus? status) => status?.Conditions?.FirstOrDefault(condition => condition.Type == SealedSecretNote.ConditionType);
}
