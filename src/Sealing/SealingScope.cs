namespace GitOpsSecrets.Sealing;

/// <summary>Where a sealed value may be opened. Each scope is bound into the ciphertext by its OAEP label (<see cref="SealingScopes.Label"/>).</summary>
public enum SealingScope
{
    /// <summary>Only under the very name and namespace it was sealed for.</summary>
    Strict,

    /// <summary>Under any name in the namespace it was sealed for.</summary>
    NamespaceWide,

    /// <summary>Under any name in any namespace.</summary>
    ClusterWide,
}
