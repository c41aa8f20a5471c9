using global::Azure.Core;
using GitOpsSecrets.Providers.Http;
using Microsoft.Identity.Client;
using Microsoft.Identity.Client.AppConfig;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>
/// The identity that Azure gave to what the controller runs on, by the library that <c>ManagedIdentityCredential</c> asks as well. That one is passed by: where the
/// environment has a federated token it logs in with that instead, as whatever application a store names (docs/design/0025-azure.md). The addresses are the
/// environment's or fixed; a store cannot name another.
/// </summary>
/// <param name="identity">The client id or resource id of a user-assigned identity; null for the machine's own.</param>
internal sealed class AzureMachineCredential(IProviderHttp http, HttpSettings settings, CallMeter meter, TimeProvider time, string? identity, string? shownTo)
    : AzureCredential(http.Create(settings with { IsLocal = true, Around = inner => new AzureLoginHandler(inner, meter, time, string.IsNullOrEmpty(identity) ? "the machine's identity" : $"identity {identity}") }), shownTo), IMsalHttpClientFactory
{
    private volatile bool isForgotten;

    protected override string Service => "the machine's metadata server";

    public override void Forget() => isForgotten = true;

    public HttpClient GetHttpClient() => Http;

    protected override async Task<AccessToken> AskAsync(TokenRequestContext context, CancellationToken cancellationToken)
    {
        var machine = ManagedIdentityApplicationBuilder.Create(Id()).WithHttpClientFactory(this, retryOnceOn5xx: false).Build();
        // What is forgotten while this is under way is forgotten again.
        var isForced = isForgotten;
        isForgotten = false;
        var request = machine.AcquireTokenForManagedIdentity(context.Scopes[0]).WithForceRefresh(isForced);
        if (context.Claims is not null) request = request.WithClaims(context.Claims);
        try
        {
            var result = await request.ExecuteAsync(cancellationToken).ConfigureAwait(false);
            return new AccessToken(result.AccessToken, result.ExpiresOn, result.AuthenticationResultMetadata.RefreshOn);
        }
        catch when (isForced)
        {
            isForgotten = true;
            throw;
        }
    }

    private ManagedIdentityId Id()
    {
        if (string.IsNullOrEmpty(identity)) return ManagedIdentityId.SystemAssigned;
        // The library writes it into the address as it is, where more than an id would ask for a token for something else.
        if (!identity.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '.' or '_' or '(' or ')')) throw new ProviderException(ProviderFailureKind.Invalid, "the identity is neither a client id nor a resource id");
        return identity.Contains('/', StringComparison.Ordinal) ? ManagedIdentityId.WithUserAssignedResourceId(identity) : ManagedIdentityId.WithUserAssignedClientId(identity);
    }
}
