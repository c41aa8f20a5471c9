using System.Globalization;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Controller.Sealed;

/// <summary>
/// Outcome → status. <c>Synced</c> comes first, because the printed columns read <c>conditions[0]</c>; <c>Ready</c> and
/// <c>Stalled</c> are for tools that follow kstatus. Whoever compares writes only what differs, a new message included.
/// </summary>
internal static class SealedStatus
{
    public const string SyncedType = "Synced";
    public const string ReadyType = "Ready";
    public const string StalledType = "Stalled";

    public const string True = "True";
    public const string False = "False";

    /// <param name="present">What the object says now.</param>
    /// <param name="generation">Of the object that was worked on.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">For the times of the conditions.</param>
    /// <param name="keepsOurFields">The CRD knows the fields that are ours; else their absence is no difference, and a condition holds what they would.</param>
    /// <param name="requestedAt">What the object says about when somebody asked for this pass.</param>
    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    public static SealedSecretStatus? Next(
        SealedSecretStatus? present, long? generation, SealedOutcome outcome, DateTimeOffset now, bool keepsOurFields = true, string? requestedAt = null)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        // A new generation counts as an update of every condition, even if all stay what they were.
        var seen = present?.ObservedGeneration == generation;
        var carried = !keepsOurFields || ObservedNote.IsCarried(present);
        var note = ObservedNote.Of(present);
        var handled = requestedAt ?? note.Handled;
        var next = (present ?? new SealedSecretStatus()) with
        {
            ObservedGeneration = generation,
            LastHandledReconcileAt = handled,
            Conditions = [.. Conditions(outcome, carried ? note with { Handled = handled } : null).Select(condition => Timed(condition, present?.Conditions, seen, time)), .. Foreign(present)],
        };
        if (outcome is SealedOutcome.Synced synced)
        {
            next = next with { SealingKeys = synced.SealingKeys ?? present?.SealingKeys, ObservedHash = synced.Mark.ToString() };
        }
        return Same(present, next, !carried) ? null : next;
    }

    /// <summary>
    /// What is written of a success where nobody wants the status: which generation was worked on. Our definition begins with one that is none, and whoever waits for the object would
    /// wait for ever. Conditions of ours from before are taken off, as they would go on saying what nobody looks after.
    /// </summary>
    /// <returns><c>null</c> when nothing is to be written: the present one says it, or does not speak of generations.</returns>
    public static SealedSecretStatus? Bare(SealedSecretStatus? present, long? generation) =>
        present?.ObservedGeneration is null || (present.ObservedGeneration == generation && SyncedCondition(present) is null or { Status: True })
            ? null
            : new SealedSecretStatus { ObservedGeneration = generation, Conditions = Foreign(present).ToList() is { Count: > 0 } foreign ? foreign : null };

    public static StatusCondition? SyncedCondition(SealedSecretStatus? status) => status?.Conditions?.FirstOrDefault(condition => condition.Type == SyncedType);

    public static bool IsSynced(SealedSecretStatus? status) => SyncedCondition(status)?.Status == True;

    private static StatusCondition[] Conditions(SealedOutcome outcome, ObservedNote? carried) => outcome switch
    {
        SealedOutcome.Synced synced =>
        [
            new() { Type = SyncedType, Status = True, Reason = SealedOutcome.Unsealed },
            new() { Type = ReadyType, Status = True, Reason = SealedOutcome.Unsealed },
            new() { Type = StalledType, Status = False, Reason = SealedOutcome.Unsealed },
            .. Carried(carried is { } note ? new ObservedNote(synced.Mark, synced.SealingKeys ?? note.SealingKeys, note.Handled) : null),
        ],
        SealedOutcome.Failed failed =>
        [
            new() { Type = SyncedType, Status = False, Reason = failed.Reason, Message = failed.Message },
            new() { Type = ReadyType, Status = False, Reason = failed.Reason, Message = failed.Message },
            new() { Type = StalledType, Status = failed.Final ? True : False, Reason = failed.Reason },
            .. Carried(carried),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>The condition that takes the place of our fields, which stay through a failure as well. Of an object that was never opened there is nothing to note.</summary>
    private static IEnumerable<StatusCondition> Carried(ObservedNote? note) => note is { Mark: not null } known ? [known.ToCondition()] : [];

    /// <summary>Equal times at a flip; a rewrite moves only the update time, as in the original.</summary>
    private static StatusCondition Timed(StatusCondition next, IReadOnlyList<StatusCondition>? present, bool generationSeen, string time)
    {
        var before = present?.FirstOrDefault(condition => condition.Type == next.Type);
        if (before is null || before.Status != next.Status) return next with { LastUpdateTime = time, LastTransitionTime = time };
        var same = generationSeen && before.Reason == next.Reason && before.Message == next.Message;
        return next with { LastUpdateTime = same ? before.LastUpdateTime : time, LastTransitionTime = before.LastTransitionTime };
    }

    private static IEnumerable<StatusCondition> Foreign(SealedSecretStatus? present) =>
        present?.Conditions?.Where(condition => condition.Type is not (SyncedType or ReadyType or StalledType or SealedSecretNote.ConditionType)) ?? [];

    private static bool Same(SealedSecretStatus? present, SealedSecretStatus next, bool keepsOurFields) =>
        present is not null
        && present.ObservedGeneration == next.ObservedGeneration
        && (!keepsOurFields || (present.ObservedHash == next.ObservedHash && present.LastHandledReconcileAt == next.LastHandledReconcileAt && (present.SealingKeys ?? []).SequenceEqual(next.SealingKeys ?? [])))
        && (present.Conditions ?? []).SequenceEqual(next.Conditions ?? []);
}
