namespace GitOpsSecrets.Providers.Azure;

/// <summary>What a vault says of the object that a call was about.</summary>
internal enum KeyVaultState
{
    Found,
    Missing,

    /// <summary>It was deleted, and its name is kept until it is recovered or purged.</summary>
    Deleted,
}
