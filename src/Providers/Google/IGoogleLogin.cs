namespace GitOpsSecrets.Providers.Google;

/// <summary>A way to come to an access token. Credentials are read for each login, so that rotated ones are picked up.</summary>
internal interface IGoogleLogin
{
    /// <exception cref="ProviderException">The credential is wrong or unknown, or a service cannot be reached.</exception>
    Task<GoogleToken> LogInAsync(CancellationToken cancellationToken);
}
