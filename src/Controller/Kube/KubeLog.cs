namespace GitOpsSecrets.Controller.Kube;

/// <summary>What the API server's client says: names, codes and counts.</summary>
internal static partial class KubeLog
{
    [LoggerMessage(LogLevel.Warning, "event {Reason} about {Namespace}/{Name} could not be written ({Failure})")]
    public static partial void EventLost(ILogger logger, string reason, string? @namespace, string name, string failure);
}
