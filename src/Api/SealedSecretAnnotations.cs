namespace GitOpsSecrets.Api;

/// <summary>Names that users' manifests, scripts and key Secrets depend on. Boolean ones count only with the value <c>true</c>.</summary>
public static class SealedSecretAnnotations
{
    public const string NamespaceWide = "sealedsecrets.bitnami.com/namespace-wide";
    public const string ClusterWide = "sealedsecrets.bitnami.com/cluster-wide";

    /// <summary>On an existing Secret: it may be overwritten though it is not ours.</summary>
    public const string Managed = "sealedsecrets.bitnami.com/managed";

    /// <summary>On an existing Secret: merge instead of overwrite.</summary>
    public const string Patch = "sealedsecrets.bitnami.com/patch";

    /// <summary>In <c>spec.template.metadata</c>: no owner reference, so the Secret outlives its SealedSecret.</summary>
    public const string SkipSetOwnerReferences = "sealedsecrets.bitnami.com/skip-set-owner-references";

    /// <summary>Label of a sealing-key Secret; only the value <see cref="ActiveKey"/> counts.</summary>
    public const string SealingKeyLabel = "sealedsecrets.bitnami.com/sealed-secrets-key";
    public const string ActiveKey = "active";

    /// <summary>Hint on SealedSecret metadata: fingerprint of the key that sealed it. Never trusted, only tried first.</summary>
    public const string SealingKeyHint = "gitopssecrets.io/sealing-key";

    /// <summary>Leaks plaintext when copied, so sealing drops it (and <see cref="KubecfgLastApplied"/>).</summary>
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    public const string KubecfgLastApplied = "kubecfg.ksonnet.io/last-applied-configuration";
}
