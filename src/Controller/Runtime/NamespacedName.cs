namespace GitOpsSecrets.Controller.Runtime;

/// <summary>What the work queue and the caches call an object. The namespace of a cluster-wide object is empty.</summary>
internal readonly record struct NamespacedName(string Namespace, string Name)
{
    /// <summary><c>namespace/name</c>, or the name alone for a cluster-wide object.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
