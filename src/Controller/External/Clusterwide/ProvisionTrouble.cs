using GitOpsSecrets.Api;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Notifications;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Clusterwide;

/// <summary>Tells of a pass that broke off by a mistake of ours, and of an object that cannot be done as it is written.</summary>
/// <param name="apiVersion">Of the kind.</param>
/// <param name="kind">Whose passes they are.</param>
internal sealed class ProvisionTrouble(EventRecorder events, Notifier notifier, string apiVersion, string kind)
{
    /// <returns>The conditions to write.</returns>
    public IReadOnlyList<Condition> Tell(ObjectMeta metadata, IReadOnlyList<Condition>? present, Exception failure, DateTimeOffset now)
    {
        var text = InternalError.Describe(failure);
        events.Record(EventSubject.Of(apiVersion, kind, metadata), EventType.Warning, InternalError.Reason, text);
        notifier.Tell(new ObjectOutcome(kind, new NamespacedName("", metadata.Name ?? ""), OutcomeState.Failed, InternalError.Reason, text));
        var ready = new Condition { Type = Condition.Ready, Status = "False", Reason = InternalError.Reason, Message = text };
        return [ConditionTime.Of(ready, present, ExternalStatus.Format(now)), .. (present ?? []).Where(condition => condition.Type != Condition.Ready)];
    }

    /// <summary>Nothing is done until it is written otherwise.</summary>
    /// <returns>The conditions to write.</returns>
    public IReadOnlyList<Condition> Refuse(ObjectMeta metadata, IReadOnlyList<Condition>? present, string problem, DateTimeOffset now)
    {
        var ready = ConditionTime.Of(new Condition { Type = Condition.Ready, Status = "False", Reason = ProvisionCondition.Invalid, Message = problem }, present, ExternalStatus.Format(now));
        if (present?.Contains(ready) != true) events.Record(EventSubject.Of(apiVersion, kind, metadata), EventType.Warning, ProvisionCondition.Invalid, problem);
        notifier.Tell(new ObjectOutcome(kind, new NamespacedName("", metadata.Name ?? ""), OutcomeState.Failed, ProvisionCondition.Invalid, problem));
        return [ready, ConditionTime.Of(ready with { Type = Condition.Stalled, Status = "True", LastTransitionTime = null }, present, ExternalStatus.Format(now))];
    }
}
