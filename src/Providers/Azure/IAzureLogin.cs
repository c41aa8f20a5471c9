namespace GitOpsSecrets.Providers.Azure;

/// <summary>One way to get a token. Asked anew for each, so that it shows credentials that are fresh.</summary>
internal interface IAzureLogin : IDisposable
{
    /// <param name="resource">What the token is for, such as <c>https://vault.azure.net</c>.</param>
    /// <param name="claims">JSON that the resource wants the token to be made by; null for none.</param>
    /// <param name="cancellationToken">Ends the login.</param>
    /// <exception cref="ProviderException">The credentials cannot be had, or were refused.</exception>
    Task<AzureToken> LogInAsync(string resource, string? claims, CancellationToken cancellationToken);
}
