using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What the machinery says: names, counts and durations.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(LogLevel.Information, "{Controller}: {Count} workers started")]
    public static partial void WorkersStarted(ILogger logger, string controller, int count);

    [LoggerMessage(LogLevel.Information, "{Controller}: workers stopped")]
    public static partial void WorkersStopped(ILogger logger, string controller);

    [LoggerMessage(LogLevel.Warning, "{Controller}: {Key} failed ({Failure}), failure {Count} in a row; will be retried")]
    public static partial void ReconcileFailed(ILogger logger, string controller, NamespacedName key, string failure, int count);

    [LoggerMessage(LogLevel.Warning, "{Controller}: {Key} cannot succeed until something changes")]
    public static partial void ReconcileGaveUp(ILogger logger, string controller, NamespacedName key);

    [LoggerMessage(LogLevel.Information, "{Resource}: {Count} objects listed in {Milliseconds} ms")]
    public static partial void Listed(ILogger logger, KubeResource resource, int count, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Resource}: list failed in {Place} ({Failure}); next try in {Milliseconds} ms")]
    public static partial void ListFailed(ILogger logger, KubeResource resource, string place, string failure, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Resource}: the controller may not list them in {Place} ({Failure}) and serves none there until it may: {Remedy}. It goes on trying by itself, and says this once")]
    public static partial void ListRefused(ILogger logger, KubeResource resource, string place, string failure, string remedy);

    [LoggerMessage(LogLevel.Warning, "{Resource}: the controller may list them in {Place} and not watch them ({Failure}), so it sees a change up to {Seconds} s late: grant its service account watch on them there. It goes on trying by itself, and says this once")]
    public static partial void WatchRefused(ILogger logger, KubeResource resource, string place, string failure, int seconds);

    [LoggerMessage(LogLevel.Debug, "{Resource}: watch ended ({Reason}) after {Count} events")]
    public static partial void WatchEnded(ILogger logger, KubeResource resource, string reason, int count);

    [LoggerMessage(LogLevel.Warning, "{Resource}: {Key} cannot be read as this kind and is skipped ({Path})")]
    public static partial void ObjectUnreadable(ILogger logger, KubeResource resource, NamespacedName key, string path);

    [LoggerMessage(LogLevel.Error, "{Resource}: a handler failed on {Key} ({Failure})")]
    public static partial void HandlerFailed(ILogger logger, KubeResource resource, NamespacedName key, string failure);

    [LoggerMessage(LogLevel.Information, "Lease {Lease}: {Identity} leads")]
    public static partial void LeadershipGained(ILogger logger, NamespacedName lease, string identity);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease}: {Identity} no longer leads")]
    public static partial void LeadershipLost(ILogger logger, NamespacedName lease, string identity);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease}: {Identity} could not reach it ({Failure})")]
    public static partial void LeaseUnreachable(ILogger logger, NamespacedName lease, string identity, string failure);
}
