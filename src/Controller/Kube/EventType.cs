namespace GitOpsSecrets.Controller.Kube;

/// <summary>How an Event is meant.</summary>
internal enum EventType
{
    Normal,
    Warning,
}
