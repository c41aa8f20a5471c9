namespace GitOpsSecrets.Controller.Kube;

/// <summary>The API server's <c>Status</c> object: why a request or a watch failed.</summary>
internal sealed record KubeStatus
{
    public string? Status { get; init; }
    public string? Message { get; init; }
    public string? Reason { get; init; }
    public int? Code { get; init; }
    public KubeStatusDetails? Details { get; init; }
}
