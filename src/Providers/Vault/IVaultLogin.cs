namespace GitOpsSecrets.Providers.Vault;

/// <summary>One way to log in: what to post, and where. Asked anew for each login, so that it shows credentials that are fresh.</summary>
internal interface IVaultLogin
{
    /// <exception cref="ProviderException">The credentials cannot be had.</exception>
    Task<VaultCall> CallAsync(CancellationToken cancellationToken);
}
