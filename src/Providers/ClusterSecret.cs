namespace GitOpsSecrets.Providers;

/// <summary>A Secret of the cluster that a store's options name.</summary>
public sealed record ClusterSecret(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels, SecretValues Values) : IDisposable
{
    public void Dispose() => Values.Dispose();

    public override string ToString() => $"{Namespace}/{Name}";
}
