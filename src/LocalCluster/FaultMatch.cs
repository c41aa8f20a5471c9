namespace GitOpsSecrets.LocalCluster;

/// <summary>Which requests a fault is for; what is <c>null</c> matches all.</summary>
/// <param name="Verb">As RBAC names it, for example <c>watch</c>.</param>
/// <param name="Resource">For example <c>secrets</c>, or with a subresource <c>sealedsecrets/status</c>.</param>
/// <param name="PathContains">Part of the path with its query.</param>
public sealed record FaultMatch(string? Verb = null, string? Resource = null, string? PathContains = null)
{
    public static FaultMatch Everything { get; } = new();

    internal bool Covers(string verb, string resource, string path) =>
        (Verb is null || Verb == verb)
        && (Resource is null || Resource == resource)
        && (PathContains is null || path.Contains(PathContains, StringComparison.Ordinal));
}
