namespace GitOpsSecrets.Controller.External.Announcements;

internal enum SeenResult
{
    New,
    Known,
    Full,
}
