namespace GitOpsSecrets.Controller.Kube;

/// <summary>The part of a <c>Status</c>' details that a client acts on.</summary>
internal sealed record KubeStatusDetails
{
    public int? RetryAfterSeconds { get; init; }
    public IReadOnlyList<KubeStatusCause>? Causes { get; init; }
}
