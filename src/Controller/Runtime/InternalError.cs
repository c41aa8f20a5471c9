using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>A failure that nobody foresaw: a mistake of ours or of a library. It is told by its type alone, since its words may hold a value.</summary>
internal static class InternalError
{
    public const string Reason = "InternalError";

    /// <summary>The API server's refusals and its silence are none: where they are not told, the queue tries again. Nor is being told to stop.</summary>
    public static bool Is(Exception failure, CancellationToken cancellationToken) =>
        failure is not (KubeApiException or KubeTransportException or TerminalException) && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested);

    /// <summary>For conditions and events, behind what was being done.</summary>
    public static string Describe(Exception failure) => $"internal error ({failure.GetType().Name}), a mistake of this controller and not of the object; please report it";
}
