namespace GitOpsSecrets.Controller.Kube;

/// <summary>A list's <c>metadata</c>.</summary>
internal sealed record ListMetadata
{
    public string? ResourceVersion { get; init; }

    /// <summary>Where the next page begins; empty or <c>null</c> on the last one.</summary>
    public string? Continue { get; init; }
}
