namespace GitOpsSecrets.Controller.Kube;

/// <summary>Who reports an Event.</summary>
internal sealed record EventSource
{
    public string? Component { get; init; }
}
