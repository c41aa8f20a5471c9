using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>Secrets of another namespace, or of another cluster.</summary>
public sealed record KubernetesStore
{
    public const string DefaultUrl = "kubernetes.default";
    public const string DefaultRemoteNamespace = "default";

    public KubernetesServer? Server { get; init; }
    public KubernetesAuth? Auth { get; init; }

    /// <summary>An item of a Secret that holds a kubeconfig; instead of auth.</summary>
    public SecretKeySelector? AuthRef { get; init; }

    /// <summary>The namespace whose Secrets are read; default by default.</summary>
    [NamespaceName]
    [Schema(Nullable = true)]
    public string? RemoteNamespace { get; init; }
}
