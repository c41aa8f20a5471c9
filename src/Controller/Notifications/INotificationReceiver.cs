namespace GitOpsSecrets.Controller.Notifications;

/// <summary>Somebody outside who is told: a chat, a pager, a mailbox, a program.</summary>
internal interface INotificationReceiver
{
    /// <exception cref="NotificationException">It was not taken.</exception>
    Task SendAsync(Notification notification, CancellationToken cancellationToken);
}
