using GitOpsSecrets.Api.ExternalSecrets;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Outcome → status. Pure.</summary>
internal static class PushStatus
{
    private const int LongestMessage = 1024;

    /// <returns>The status to write, or <c>null</c> when the present one already says the same.</returns>
    /// <param name="keepsOurFields">Whether the definition knows what ours has more than the original's.</param>
    public static PushSecretStatus? Next(PushSecretStatus? present, long? generation, PushOutcome outcome, DateTimeOffset now, bool keepsOurFields)
    {
        if (outcome is PushOutcome.Unchanged)
        {
            return keepsOurFields && present is not null && present.ObservedGeneration != generation ? present with { ObservedGeneration = generation } : null;
        }
        var conditions = Conditions(outcome).Where(condition => keepsOurFields || condition.Type == Condition.Ready).Select(condition => ConditionTime.Of(condition, present?.Conditions, ExternalStatus.Format(now)));
        var next = (present ?? new PushSecretStatus()) with { Conditions = [.. conditions], ObservedGeneration = keepsOurFields ? generation : present?.ObservedGeneration };
        next = outcome switch
        {
            PushOutcome.Synced synced => next with
            {
                RefreshTime = ExternalStatus.Format(synced.At),
                RenewTime = !keepsOurFields ? present?.RenewTime : synced.RenewAt is { } renewal ? ExternalStatus.Format(renewal) : null,
                SyncedResourceVersion = synced.Version,
                SyncedPushSecrets = GivenOnly(synced.Pushed),
            },
            PushOutcome.Failed { Pushed: { } pushed } => next with { SyncedPushSecrets = GivenOnly(pushed) },
            _ => next,
        };
        return Same(present, next) ? null : next;
    }

    /// <summary>Whether the same lies in the same places.</summary>
    public static bool Same(SortedDictionary<string, SortedDictionary<string, PushSecretData>>? left, SortedDictionary<string, SortedDictionary<string, PushSecretData>>? right) =>
        Flat(left).SequenceEqual(Flat(right));

    private static IEnumerable<(string Store, string Name, string? Key, string Remote, string? Property, string? Metadata)> Flat(SortedDictionary<string, SortedDictionary<string, PushSecretData>>? map) =>
        from store in map ?? []
        from entry in store.Value
        select (store.Key, entry.Key, entry.Value.Match.SecretKey, entry.Value.Match.RemoteRef.RemoteKey, entry.Value.Match.RemoteRef.Property, entry.Value.Metadata?.GetRawText());

    private static SortedDictionary<string, SortedDictionary<string, PushSecretData>>? GivenOnly(SortedDictionary<string, SortedDictionary<string, PushSecretData>> map)
    {
        foreach (var empty in map.Where(store => store.Value.Count == 0).Select(store => store.Key).ToList()) map.Remove(empty);
        return map.Count == 0 ? null : map;
    }

    private static IEnumerable<Condition> Conditions(PushOutcome outcome)
    {
        switch (outcome)
        {
            case PushOutcome.Synced synced:
                yield return new() { Type = Condition.Ready, Status = "True", Reason = PushReasons.Synced, Message = Shortened(synced.Message) };
                break;
            case PushOutcome.Failed failed:
                var message = Shortened(failed.Message);
                yield return new() { Type = Condition.Ready, Status = "False", Reason = failed.Reason, Message = message };
                yield return new() { Type = failed.Final ? Condition.Stalled : Condition.Reconciling, Status = "True", Reason = failed.Reason, Message = message };
                break;
        }
    }

    private static string Shortened(string message) => message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage - 1), "…");

    private static bool Same(PushSecretStatus? present, PushSecretStatus next) =>
        present is not null
        && present with { Conditions = null, SyncedPushSecrets = null } == next with { Conditions = null, SyncedPushSecrets = null }
        && (present.Conditions ?? []).SequenceEqual(next.Conditions ?? [])
        && Same(present.SyncedPushSecrets, next.SyncedPushSecrets);
}
