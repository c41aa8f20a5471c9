using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// What a status remembers for the next start. It lies in fields of ours; where the CRD is the original's, whose API server drops those, in the message of a condition: of them that CRD keeps
/// any, and neither the original nor a tool that follows kstatus looks at this one.
/// </summary>
/// <param name="Mark">What the Secret was last made from.</param>
/// <param name="Handled">The request for a pass that was acted upon last.</param>
internal readonly record struct ObservedNote(ObservedMark? Mark, string? Handled)
{
    public const string ConditionType = "gitopssecrets.io/Observed";

    public static ObservedNote Of(SealedSecretStatus? status)
    {
        if (!IsCarried(status)) return new ObservedNote(ObservedMark.TryParse(status?.ObservedHash), status?.LastHandledReconcileAt);
        var message = Carrier(status)!.Message ?? "";
        var end = message.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new ObservedNote(ObservedMark.TryParse(message), null) : new ObservedNote(ObservedMark.TryParse(message[..end]), message[(end + 1)..]);
    }

    /// <summary>Whether the note is in a condition; the fields win, so that nothing old counts once the CRD is ours.</summary>
    public static bool IsCarried(SealedSecretStatus? status) => status?.ObservedHash is null && Carrier(status) is not null;

    public StatusCondition ToCondition() =>
        new() { Type = ConditionType, Status = SealedStatus.True, Reason = SealedOutcome.Unsealed, Message = Handled is null ? $"{Mark}" : $"{Mark} {Handled}" };

    private static StatusCondition? Carrier(SealedSecretStatus? status) => status?.Conditions?.FirstOrDefault(condition => condition.Type == ConditionType);
}
