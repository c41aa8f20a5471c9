namespace GitOpsSecrets.Controller.Kube;

/// <summary>How to reach the API server.</summary>
internal sealed record KubeConnectionOptions
{
    /// <summary>A kubeconfig file; <c>null</c> or empty: the service account of the pod.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>The context in the file; <c>null</c>: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>What the API server's audit log calls us.</summary>
    public string UserAgent { get; init; } = "gitopssecrets-controller";
}
