namespace GitOpsSecrets.TestClusters;

/// <summary>What a fact is tried on.</summary>
public enum ClusterKind
{
    /// <summary>Our API server, in this process.</summary>
    Local,

    /// <summary>kube-apiserver with etcd, from <c>KUBEBUILDER_ASSETS</c>.</summary>
    Real,
}
