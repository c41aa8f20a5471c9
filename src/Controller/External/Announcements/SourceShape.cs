namespace GitOpsSecrets.Controller.External.Announcements;

internal enum SourceShape
{
    Generic,
    EventBridge,
    EventGrid,
    PubSub,
    Vault,
}
