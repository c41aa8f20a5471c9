namespace GitOpsSecrets.Controller.Notifications;

internal enum OutcomeState
{
    Well,

    /// <summary>It works, but will not for much longer: a certificate about to expire, values that could not be refreshed.</summary>
    Warning,
    Failed,
}
