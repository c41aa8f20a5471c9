namespace GitOpsSecrets.Controller.Notifications;

internal enum NotificationKind
{
    Failure,
    Recovery,
    Warning,
}
