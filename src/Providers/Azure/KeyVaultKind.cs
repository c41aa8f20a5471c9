namespace GitOpsSecrets.Providers.Azure;

/// <summary>The kinds of objects in a vault. Each has names of its own.</summary>
internal enum KeyVaultKind
{
    Secret,
    Certificate,
    Key,
}
