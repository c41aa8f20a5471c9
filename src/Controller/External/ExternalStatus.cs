using System.Globalization;
using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External;

/// <summary>
/// Outcome → status. <c>Ready</c> stands first and is the original's; <c>Stalled</c> and <c>Reconciling</c> are there while they are true, for tools that follow
/// kstatus. The message says the original's words and then the cause. Whoever compares writes only what differs.
/// </summary>
internal static class ExternalStatus
{
    private const string True = "True";
    private const string False = "False";
    private const int LongestMessage = 2048;

    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    /// <param name="keepsOurFields">The CRD knows what is ours; that of the original drops a field and refuses conditions.</param>
    public static ExternalSecretStatus? Next(ExternalSecretStatus? present, long? generation, ExternalOutcome outcome, DateTimeOffset now, bool keepsOurFields)
    {
        if (outcome is ExternalOutcome.Unchanged)
        {
            // Nothing was to be done about this generation, which says as much to who waits for it.
            return keepsOurFields && present is not null && present.ObservedGeneration != generation ? present with { ObservedGeneration = generation } : null;
        }
        var time = Format(now);
        var conditions = Conditions(outcome).Where(condition => keepsOurFields || condition.Type == Condition.Ready).Select(condition => ConditionTime.Of(condition, present?.Conditions, time));
        var next = (present ?? new ExternalSecretStatus()) with { Conditions = [.. conditions, .. Foreign(present)], ObservedGeneration = keepsOurFields ? generation : present?.ObservedGeneration };
        if (outcome is ExternalOutcome.Synced { Binding: { } bound }) next = next with { Binding = new SecretBinding { Name = bound } };
        if (SyncOf(outcome) is { } sync)
        {
            next = next with
            {
                RefreshTime = Format(sync.RefreshTime),
                RenewTime = !keepsOurFields ? present?.RenewTime : sync.RenewAt is { } renewal ? Format(renewal) : null,
                SyncedResourceVersion = sync.Version,
                ObservedHash = keepsOurFields ? sync.Mark.ToString() : present?.ObservedHash,
            };
        }
        return Same(present, next) ? null : next;
    }

    public static bool SaysItFailed(ExternalSecretStatus? status) => status?.Conditions?.Any(condition => condition is { Type: Condition.Ready, Status: False }) == true;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;

    private static LastSync? SyncOf(ExternalOutcome outcome) => outcome switch
    {
        ExternalOutcome.Synced synced => synced.Sync,
        ExternalOutcome.Failed failed => failed.Undone,
        _ => null,
    };

    private static IEnumerable<Condition> Conditions(ExternalOutcome outcome)
    {
        switch (outcome)
        {
            case ExternalOutcome.Synced synced:
                yield return new() { Type = Condition.Ready, Status = True, Reason = synced.Reason, Message = Shortened(synced.Message) };
                break;
            case ExternalOutcome.Waiting waiting:
                yield return new() { Type = Condition.Ready, Status = False, Reason = waiting.Reason, Message = waiting.Message };
                yield return new() { Type = Condition.Reconciling, Status = True, Reason = waiting.Reason, Message = waiting.Message };
                break;
            case ExternalOutcome.Failed failed:
                yield return new() { Type = Condition.Ready, Status = False, Reason = failed.Reason, Message = Shortened(failed.FullMessage) };
                yield return new() { Type = failed.Final ? Condition.Stalled : Condition.Reconciling, Status = True, Reason = failed.Reason, Message = failed.Message };
                break;
        }
    }

    private static string Shortened(string message) => message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage - 1), "…");

    private static IEnumerable<Condition> Foreign(ExternalSecretStatus? present) =>
        present?.Conditions?.Where(condition => condition.Type is not (Condition.Ready or Condition.Stalled or Condition.Reconciling)) ?? [];

    private static bool Same(ExternalSecretStatus? present, ExternalSecretStatus next) =>
        present is not null
        && present with { Conditions = null } == next with { Conditions = null }
        && (present.Conditions ?? []).SequenceEqual(next.Conditions ?? []);
}
