using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>Which store: kind and name; the namespace is empty for a ClusterSecretStore.</summary>
internal readonly record struct StoreIdentity(string Kind, NamespacedName Name)
{
    /// <summary>As messages have it: <c>ClusterSecretStore "x"</c>.</summary>
    public override string ToString() => $"{Kind} \"{Name.Name}\"";
}
