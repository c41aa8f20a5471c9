using GitOpsSecrets.Providers.Kubernetes;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>Which object a remote key names.</summary>
/// <param name="Namespace">Null for objects of the cluster.</param>
/// <param name="Name">Without a namespace.</param>
internal sealed record CrdKey(string? Namespace, string Name)
{
    /// <param name="storeNamespace">Null for a cluster store, whose keys say the namespace themselves.</param>
    /// <param name="isNamespaced">Whether objects of the kind are in namespaces.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it names none.</exception>
    public static CrdKey Of(string key, string? storeNamespace, bool isNamespaced)
    {
        var parts = key.Split('/');
        if (parts.Any(part => part.Length == 0)) throw Wrong(key, "is empty, or has an empty part");
        if (storeNamespace is not null && parts.Length > 1) throw Wrong(key, "must not contain '/': a SecretStore reads its own namespace");
        if (storeNamespace is null && isNamespaced && parts.Length != 2) throw Wrong(key, "must be of the form NAMESPACE/NAME in a ClusterSecretStore");
        if (storeNamespace is null && !isNamespaced && parts.Length != 1) throw Wrong(key, "must be a name alone: objects of this kind are in no namespace");
        var place = isNamespaced ? storeNamespace ?? parts[0] : null;
        if (place is not null && !KubernetesNames.IsNamespace(place)) throw Wrong(key, "names no namespace");
        return KubernetesNames.IsObject(parts[^1]) ? new CrdKey(place, parts[^1]) : throw Wrong(key, "names no object");
    }

    private static ProviderException Wrong(string key, string problem) => new(ProviderFailureKind.Invalid, $"remoteRef.key \"{key}\" {problem}");
}
