using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>
/// Which outcomes are news: the first failure of an object, another reason, the same one again after a long time, and the end of what was told. What
/// was well from the start is none. Not thread-safe.
/// </summary>
/// <param name="repeat">After which time the same trouble is told again; zero for never.</param>
internal sealed class NotificationPolicy(TimeSpan repeat)
{
    private readonly Dictionary<(string Kind, NamespacedName Key), Told> told = [];

    /// <returns><c>null</c> when nobody needs to know.</returns>
    public Notification? Judge(ObjectOutcome outcome, DateTimeOffset now)
    {
        var subject = (outcome.Kind, outcome.Key);
        if (outcome.State == OutcomeState.Well) return told.Remove(subject) ? new Notification(NotificationKind.Recovery, outcome, now) : null;
        if (told.TryGetValue(subject, out var before) && before.State == outcome.State && before.Reason == outcome.Reason && (repeat == TimeSpan.Zero || now - before.At < repeat)) return null;
        told[subject] = new Told(outcome.State, outcome.Reason, now);
        return new Notification(outcome.State == OutcomeState.Failed ? NotificationKind.Failure : NotificationKind.Warning, outcome, now);
    }

    private readonly record struct Told(OutcomeState State, string Reason, DateTimeOffset At);
}
