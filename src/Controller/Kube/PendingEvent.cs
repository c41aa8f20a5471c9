namespace GitOpsSecrets.Controller.Kube;

/// <summary>An event still to be written; equal ones are counted up.</summary>
internal sealed record PendingEvent(EventSubject Subject, EventType Type, string Reason, string Message)
{
    /// <summary>Equal events have equal identities: the object's version is no part of it.</summary>
    public PendingEvent Identity => this with { Subject = SubjectIdentity };

    /// <summary>The object, whatever its version.</summary>
    public EventSubject SubjectIdentity => Subject with { ResourceVersion = null };
}
