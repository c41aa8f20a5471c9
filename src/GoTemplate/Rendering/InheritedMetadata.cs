namespace GitOpsSecrets.GoTemplate.Rendering;

/// <summary>
/// Labels and annotations that a Secret without a template takes over from its ExternalSecret. The original takes all; here the marks by which tools
/// track the ExternalSecret itself stay with it: on the Secret, Argo CD, Flux or Helm would take it for an object of theirs that is in no repository,
/// and prune it.
/// </summary>
public static class InheritedMetadata
{
    private static readonly string[] TrackingPrefixes =
    [
        "kubectl.kubernetes.io/", "argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "reconcile.fluxcd.io/", "meta.helm.sh/",
        "helm.sh/", "kubecfg.ksonnet.io/", "objectset.rio.cattle.io/", "config.k8s.io/", "config.kubernetes.io/", "kapp.k14s.io/", "external-secrets.io/",
    ];

    /// <summary>By this one Argo CD tracks where it is told to, and did by default before 3.0: whatever carries it is its own.</summary>
    private const string ArgoTrackingLabel = "app.kubernetes.io/instance";

    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<KeyValuePair<string, string>> entries) =>
        entries.Where(entry => entry.Key != ArgoTrackingLabel && !TrackingPrefixes.Any(prefix => entry.Key.StartsWith(prefix, StringComparison.Ordinal)));
}
