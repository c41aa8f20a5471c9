using System.Text.Json.Nodes;
using global::Google.Apis.Auth.OAuth2;
using global::Google.Apis.Auth.OAuth2.Requests;

namespace GitOpsSecrets.Providers.Google;

/// <summary>A service account, whose JWT is for the address that its key file names. The library's own is for Google's usual one, wherever it is shown.</summary>
internal sealed class GoogleKeyCredential(GoogleKey key, ServiceAccountCredential.Initializer initializer) : ServiceAccountCredential(initializer)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public override async Task<bool> RequestAccessTokenAsync(CancellationToken taskCancellationToken)
    {
        var now = new DateTimeOffset(Clock.UtcNow);
        var claims = new JsonObject
        {
            ["iss"] = Id,
            ["scope"] = string.Join(' ', Scopes),
            ["aud"] = TokenServerUrl,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        Token = await new GoogleAssertionTokenRequest { Assertion = key.Sign(claims) }.ExecuteAsync(HttpClient, TokenServerUrl, taskCancellationToken, Clock).ConfigureAwait(false);
        return true;
    }
}
