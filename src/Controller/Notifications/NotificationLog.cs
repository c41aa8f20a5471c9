namespace GitOpsSecrets.Controller.Notifications;

internal static partial class NotificationLog
{
    [LoggerMessage(LogLevel.Warning, "notification receiver {Receiver} did not take a notification: {Problem}; next try in {Milliseconds} ms")]
    public static partial void TriedAgain(ILogger logger, string receiver, string problem, long milliseconds);

    [LoggerMessage(LogLevel.Error, "notification receiver {Receiver} did not take a notification, which is lost: {Problem}")]
    public static partial void Lost(ILogger logger, string receiver, string problem);
}
