using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.ExternalSecrets.Stores;

/// <summary>An API server of Kubernetes; that of this cluster by default.</summary>
public sealed record KubernetesServer
{
    /// <summary>kubernetes.default by default.</summary>
    [Schema(Nullable = true)]
    public string? Url { get; init; }

    /// <summary>PEM certificates of the server's authority, in base64.</summary>
    [Schema(Format = "byte")]
    public string? CaBundle { get; init; }

    public CaProvider? CaProvider { get; init; }
}
