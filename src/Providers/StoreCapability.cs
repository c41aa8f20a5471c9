namespace GitOpsSecrets.Providers;

/// <summary>What a store's <c>status.capabilities</c> says, under these names.</summary>
public enum StoreCapability
{
    ReadOnly,
    WriteOnly,
    ReadWrite,
}
