using System.Globalization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Sops;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>
/// Outcome → status. <c>message</c> is the original's; <c>Ready</c>, <c>Reconciling</c> and <c>Stalled</c> are for tools that follow kstatus, and
/// <c>MacVerified</c> says honestly whether the whole was checked or each value alone. Whoever compares writes only what differs.
/// </summary>
internal static class SopsStatus
{
    public const string ReadyType = "Ready";
    public const string ReconcilingType = "Reconciling";
    public const string StalledType = "Stalled";
    public const string MacVerifiedType = "MacVerified";

    private const string True = "True";
    private const string False = "False";
    private const string Unknown = "Unknown";

    /// <param name="present">What the object says now.</param>
    /// <param name="metadata">Of the object that was worked on.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">For the times of the conditions.</param>
    /// <param name="keepsOurFields">The CRD knows the fields that are ours; else their absence is no difference.</param>
    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    public static SopsSecretStatus? Next(SopsSecretStatus? present, ObjectMeta metadata, SopsOutcome outcome, DateTimeOffset now, bool keepsOurFields = true)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var next = (present ?? new SopsSecretStatus()) with
        {
            Message = Message(outcome),
            ObservedGeneration = metadata.Generation,
            Conditions = [.. Conditions(outcome, present).Select(condition => Timed(condition, present?.Conditions, time))],
            LastHandledReconcileAt = metadata.Annotation(ReconcileRequest.Annotation) ?? present?.LastHandledReconcileAt,
        };
        if (outcome is SopsOutcome.Synced synced) next = next with { ObservedHash = synced.Mark.ToString() };
        return Same(present, next, keepsOurFields) ? null : next;
    }

    /// <summary>What is written of a success where nobody wants the status, as for a SealedSecret: which generation was worked on.</summary>
    /// <returns><c>null</c> when nothing is to be written: the present one says it, or does not speak of generations.</returns>
    public static SopsSecretStatus? Bare(SopsSecretStatus? present, long? generation) =>
        present?.ObservedGeneration is null || (present.ObservedGeneration == generation && (present.Conditions is null or [] || IsReady(present)))
            ? null
            : new SopsSecretStatus { ObservedGeneration = generation };

    public static bool IsReady(SopsSecretStatus? status) =>
        status?.Conditions?.Any(condition => condition is { Type: ReadyType, Status: True }) == true;

    private static string Message(SopsOutcome outcome) => outcome switch
    {
        SopsOutcome.Synced => SopsOutcome.Healthy,
        SopsOutcome.Failed failed => failed.Original,
        _ => SopsOutcome.ReconciliationSuspended,
    };

    private static IEnumerable<StatusCondition> Conditions(SopsOutcome outcome, SopsSecretStatus? present) => outcome switch
    {
        SopsOutcome.Synced synced =>
        [
            new() { Type = ReadyType, Status = True, Reason = SopsReason.Decrypted, Message = Count(synced.Secrets, present) },
            new() { Type = ReconcilingType, Status = False, Reason = SopsReason.Decrypted },
            new() { Type = StalledType, Status = False, Reason = SopsReason.Decrypted },
            .. MacVerified(synced.Mac, present),
        ],
        SopsOutcome.Failed failed =>
        [
            new() { Type = ReadyType, Status = False, Reason = failed.Reason, Message = failed.Message },
            new() { Type = ReconcilingType, Status = failed.Final ? False : True, Reason = failed.Reason },
            new() { Type = StalledType, Status = failed.Final ? True : False, Reason = failed.Reason },
            .. failed.Reason == SopsReason.MacMismatch ? [new() { Type = MacVerifiedType, Status = False, Reason = failed.Reason, Message = failed.Message }] : MacVerified(null, present),
        ],
        _ =>
        [
            new() { Type = ReadyType, Status = Unknown, Reason = SopsReason.Suspended, Message = SopsOutcome.ReconciliationSuspended },
            new() { Type = ReconcilingType, Status = False, Reason = SopsReason.Suspended },
            new() { Type = StalledType, Status = False, Reason = SopsReason.Suspended },
            .. MacVerified(null, present),
        ],
    };

    private static string? Count(int? secrets, SopsSecretStatus? present) => secrets switch
    {
        null => present?.Conditions?.FirstOrDefault(condition => condition is { Type: ReadyType, Status: True })?.Message,
        1 => "1 Secret is as declared",
        _ => string.Create(CultureInfo.InvariantCulture, $"{secrets} Secrets are as declared"),
    };

    private static IEnumerable<StatusCondition> MacVerified(MacVerdict? verdict, SopsSecretStatus? present) => verdict switch
    {
        null => present?.Conditions?.Where(condition => condition.Type == MacVerifiedType) ?? [],
        MacVerdict.Verified => [new() { Type = MacVerifiedType, Status = True, Reason = "Verified", Message = "the document is the one that was encrypted" }],
        MacVerdict.OfEncryptedOnly => [new() { Type = MacVerifiedType, Status = True, Reason = "OfEncryptedOnly", Message = "the encrypted values are those that were encrypted; clear ones are not covered (mac_only_encrypted)" }],
        _ =>
        [
            new()
            {
                Type = MacVerifiedType, Status = False, Reason = "Impossible",
                Message = "each value is authentic at its place, but items may have been removed, list items swapped or an older file applied: the API server keeps no order, "
                    + "which the MAC needs; carry the file in spec.document to have it verified",
            },
        ],
    };

    private static StatusCondition Timed(StatusCondition next, IReadOnlyList<StatusCondition>? present, string time)
    {
        var before = present?.FirstOrDefault(condition => condition.Type == next.Type);
        return next with { LastTransitionTime = before is null || before.Status != next.Status ? time : before.LastTransitionTime };
    }

    private static bool Same(SopsSecretStatus? present, SopsSecretStatus next, bool keepsOurFields) =>
        present is not null
        && present.Message == next.Message
        && (!keepsOurFields
            || (present.ObservedGeneration == next.ObservedGeneration && present.ObservedHash == next.ObservedHash && present.LastHandledReconcileAt == next.LastHandledReconcileAt
                && (present.Conditions ?? []).SequenceEqual(next.Conditions ?? [])));
}
