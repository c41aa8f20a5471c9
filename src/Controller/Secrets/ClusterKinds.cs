using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Kube;

namespace GitOpsSecrets.Controller.Secrets;

/// <summary>The kinds that all reconcilers share.</summary>
internal static class ClusterKinds
{
    public static KubeResource SecretResource { get; } = new("", "v1", "secrets");

    /// <summary>Whole Secrets, with their values: for reading and writing one at a time, never for a watch.</summary>
    public static KubeKind<Secret> Secrets { get; } = KubeKind.Of(SecretResource, ApiJson.Compact.Secret, secret => secret.Metadata);
}
