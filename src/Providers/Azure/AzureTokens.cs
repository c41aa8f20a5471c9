namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// The token of one identity for one resource, shared by all users of a source: one login for as long as it lives, another shortly before it ends.
/// Concurrent callers wait for one login. An outage of the login service is waited out on the old token.
/// </summary>
/// <param name="resource">What tokens are for; null until the vault has said so.</param>
internal sealed class AzureTokens(IAzureLogin login, string? resource, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private string? resource = resource;
    private string? claims;
    private AzureToken? token;

    /// <returns>Null while nobody knows what it should be for.</returns>
    /// <exception cref="ProviderException">The login failed.</exception>
    public async Task<AzureToken?> FindAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (resource is null) return null;
            if (token is null || !token.IsFresh(time.GetUtcNow())) token = await LogInAsync(resource, cancellationToken).ConfigureAwait(false);
            return token;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Goes by what the vault says when it refuses a token. Callers whose token was refused after another has renewed it change nothing.</summary>
    /// <param name="refused">What was shown; null for nothing.</param>
    public async Task LearnAsync(AzureToken? refused, string wanted, string? wantedClaims, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(token, refused)) return;
            (resource, claims, token) = (wanted, wantedClaims, null);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        login.Dispose();
        turn.Dispose();
    }

    private async Task<AzureToken> LogInAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            return await login.LogInAsync(target, claims, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure) when (failure.Kind is ProviderFailureKind.Unavailable or ProviderFailureKind.Throttled && token is not null && token.IsUsable(time.GetUtcNow()))
        {
            return token;
        }
    }
}
