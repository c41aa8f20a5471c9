using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.External;

/// <summary>Something to be told about an object.</summary>
internal sealed record ExternalEvent(EventType Type, string Reason, string Message)
{
    public static ExternalEvent Normal(string reason, string message) => new(EventType.Normal, reason, message);

    public static ExternalEvent Warning(string reason, string message) => new(EventType.Warning, reason, message);
}
