using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>What is said about PushSecrets: names and the original's words; never a value.</summary>
internal static partial class PushLog
{
    [LoggerMessage(LogLevel.Warning, "PushSecret {Key}: {Reason}, failure {Count} in a row")]
    public static partial void Failed(ILogger logger, NamespacedName key, string reason, int count);
}
