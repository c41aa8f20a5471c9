namespace GitOpsSecrets.Controller.Notifications;

/// <summary>A receiver did not take a notification. The message holds neither credentials nor addresses, which may contain some.</summary>
/// <param name="isFinal">To send it again would change nothing.</param>
internal sealed class NotificationException(string message, bool isFinal) : Exception(message)
{
    public bool IsFinal { get; } = isFinal;
}
