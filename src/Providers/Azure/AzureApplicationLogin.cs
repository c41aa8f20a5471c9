using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>An application logs in at Microsoft Entra ID, or at what a cloud of one's own has in its place (OAuth 2.0 client credentials, RFC 6749 §4.4, RFC 7523).</summary>
/// <param name="http">This login's own.</param>
/// <param name="authority">Where to.</param>
/// <param name="proof">What is shown; read anew for each login.</param>
internal sealed class AzureApplicationLogin(HttpClient http, CallMeter meter, TimeProvider time, Uri authority, Func<CancellationToken, Task<AzureProof>> proof) : IAzureLogin
{
    public async Task<AzureToken> LogInAsync(string resource, string? claims, CancellationToken cancellationToken)
    {
        var shown = await proof(cancellationToken).ConfigureAwait(false);
        return await meter.MeasureAsync("Login", async () =>
        {
            var endpoint = AzureAuthority.TokenEndpoint(authority, shown.Tenant);
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
            request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", resource + "/.default"), .. shown.Fields, .. Claims(claims)]);
            request.Options.Set(ProviderRequest.MayRepeat, true);
            using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return AzureLoginAnswer.Token(answer, endpoint.Host, time.GetUtcNow());
            throw AzureLoginAnswer.Failure(answer, $"the login of application {shown.Client} at {endpoint.Host}/{shown.Tenant}", time, shown.Redact);
        }).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Claims(string? claims) => claims is null ? [] : [new("claims", claims)];
}
