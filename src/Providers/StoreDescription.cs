using System.Text.Json;

namespace GitOpsSecrets.Providers;

/// <summary>A store as its author wrote it.</summary>
/// <param name="Kind"><c>SecretStore</c> or <c>ClusterSecretStore</c>.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Namespace">The object's namespace; null for a cluster store.</param>
/// <param name="Options">What stands below <c>spec.provider.NAME</c>.</param>
public sealed record StoreDescription(string Kind, string Name, string? Namespace, JsonElement Options)
{
    /// <summary>Whether credentials that name no namespace are those of whoever uses the store (referent authentication).</summary>
    public bool IsClusterWide => Namespace is null;
}
