namespace GitOpsSecrets.Controller.Notifications;

internal enum ReceiverType
{
    Slack,
    Webhook,
    PagerDuty,
    Mail,
}
