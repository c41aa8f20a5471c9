using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External;

/// <summary>What is said about ExternalSecrets and stores: names and the original's words; never a value.</summary>
internal static partial class ExternalLog
{
    [LoggerMessage(LogLevel.Debug, "ExternalSecret {Key}: {Message}")]
    public static partial void Synced(ILogger logger, NamespacedName key, string message);

    [LoggerMessage(LogLevel.Warning, "ExternalSecret {Key}: {Message}, failure {Count} in a row")]
    public static partial void Failed(ILogger logger, NamespacedName key, string message, int count);

    [LoggerMessage(LogLevel.Warning, "the ExternalSecret CRD of this cluster drops status.observedHash or refuses conditions; apply ours, or every restart reads every Secret once")]
    public static partial void FieldsAreDropped(ILogger logger);

    [LoggerMessage(LogLevel.Information, "the kinds of external-secrets.io are not installed in this cluster, or may not be read: External Secrets waits for them")]
    public static partial void KindsAreAbsent(ILogger logger);

    [LoggerMessage(LogLevel.Information, "External Secrets is on")]
    public static partial void IsOn(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Key}: {Message}")]
    public static partial void StoreFailed(ILogger logger, string kind, string key, string message);
}
