namespace GitOpsSecrets.Controller.Secrets;

/// <summary>
/// Labels and annotations by which deployment tools know what they have applied. On a Secret that nobody applied they would make a tool take it
/// for its own: show it as foreign, or prune it.
/// </summary>
internal static class TrackingMetadata
{
    private static readonly string[] Prefixes =
    [
        "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/installation-id", "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/hook",
        "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "kubectl.kubernetes.io/", "config.kubernetes.io/",
    ];

    /// <summary>Takes them out.</summary>
    /// <returns>What is left, or <c>null</c>.</returns>
    public static SortedDictionary<string, string>? Remove(SortedDictionary<string, string>? pairs)
    {
        foreach (var key in (pairs?.Keys ?? Enumerable.Empty<string>()).Where(key => Array.Exists(Prefixes, prefix => key.StartsWith(prefix, StringComparison.Ordinal))).ToList())
        {
            pairs!.Remove(key);
        }
        return pairs is { Count: 0 } ? null : pairs;
    }
}
