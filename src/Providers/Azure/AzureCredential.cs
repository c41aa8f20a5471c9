using global::Azure.Core;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// One identity, as the vendor's libraries ask for its tokens; they keep them too, and ask for another shortly before one ends. What they ask for is
/// held to our rules, whatever a challenge said: the tenant is never another's, and a token is only shown within the domain that it is for.
/// </summary>
/// <param name="shownTo">The host that gets the tokens; null where no stranger names it.</param>
internal abstract class AzureCredential(HttpClient http, string? shownTo) : TokenCredential, IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Carries its logins; its own.</summary>
    protected HttpClient Http => http;

    /// <summary>Who answers, for messages.</summary>
    protected abstract string Service { get; }

    /// <exception cref="ProviderException">The credentials cannot be had, or were refused.</exception>
    public sealed override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var scope = requestContext.Scopes[0];
        // A token shown to a host outside the domain that it is for could be used by that host elsewhere; and what a library writes into an address as it is must not become more of it.
        if (shownTo is not null && !(AzureCloud.IsWithin(shownTo, scope) && scope.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ':' or '/' or '.' or '-' or '_'))) throw new ProviderException(ProviderFailureKind.Denied, $"{shownTo} asks for a token for {scope}, to whose domain it does not belong: is its address right?");
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AskAsync(new TokenRequestContext([scope], claims: requestContext.Claims), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ProviderException))
        {
            throw Told(failure);
        }
        finally
        {
            turn.Release();
        }
    }

    public sealed override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException("nobody waits here");

    /// <summary>Lets go of tokens that are kept, since one was refused.</summary>
    public abstract void Forget();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract Task<AccessToken> AskAsync(TokenRequestContext context, CancellationToken cancellationToken);

    protected virtual void Dispose(bool disposing)
    {
        http.Dispose();
        turn.Dispose();
    }

    // Never in the library's words, which may hold what was sent or answered. What went wrong with a call was told by AzureLoginHandler.
    private ProviderException Told(Exception failure)
    {
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is ProviderException told) return told;
        }
        return new ProviderException(ProviderFailureKind.Invalid, $"the answer of {Service} holds no token: is it the right address?");
    }
}
