using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Google's token endpoints: something that proves an identity is given for an access token (RFC 6749, RFC 7523, RFC 8693), and one identity for another
/// that it may act as.
/// </summary>
internal sealed class TokenExchange(GoogleHttp http, GoogleSurroundings surroundings, TimeProvider time)
{
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";
    public const string AwsType = "urn:ietf:params:aws:token-type:aws4_request";
    private const string ExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>Where tokens from outside are exchanged, unless a variable says otherwise.</summary>
    public Uri SecurityTokenService => new(surroundings.Service("STS", "sts.googleapis.com"), "v1/token");

    /// <param name="address">A token endpoint.</param>
    /// <param name="fields">Of the form.</param>
    /// <param name="operation">For counting.</param>
    /// <param name="authorization">A header of a client of its own; null for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<GoogleToken> PostFormAsync(Uri address, IReadOnlyDictionary<string, string> fields, string operation, string? authorization, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(fields);
        var call = new GoogleCall(HttpMethod.Post, address, operation)
        {
            Body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false),
            ContentType = "application/x-www-form-urlencoded",
            Authorization = authorization,
            MayRepeat = true,
        };
        using var answer = await http.SendAsync(call, null, cancellationToken).ConfigureAwait(false);
        return TokenOf(answer.Root);
    }

    /// <summary>A token of an identity provider that Google trusts, for one of Google's.</summary>
    /// <param name="audience">The provider, as Google names it.</param>
    /// <param name="subjectToken">What proves the identity.</param>
    /// <param name="subjectTokenType">What kind of proof it is.</param>
    /// <param name="authorization">A header of a client of its own; null for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<GoogleToken> ExchangeAsync(string audience, string subjectToken, string subjectTokenType, string? authorization, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["audience"] = audience,
            ["grant_type"] = ExchangeGrant,
            ["requested_token_type"] = AccessTokenType,
            ["scope"] = Scope,
            ["subject_token"] = subjectToken,
            ["subject_token_type"] = subjectTokenType,
        };
        return PostFormAsync(SecurityTokenService, fields, "ExchangeToken", authorization, cancellationToken);
    }

    /// <summary>The token of a service account of Google, for one who may act as it.</summary>
    /// <param name="email">The service account.</param>
    /// <param name="token">Of whoever may.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<GoogleToken> ImpersonateAsync(string email, string token, CancellationToken cancellationToken)
    {
        var path = $"v1/projects/-/serviceAccounts/{Uri.EscapeDataString(email)}:generateAccessToken";
        var call = new GoogleCall(HttpMethod.Post, new Uri(surroundings.Service("IAMCREDENTIALS", "iamcredentials.googleapis.com"), path), "GenerateAccessToken")
        {
            Body = Encoding.UTF8.GetBytes($$"""{"scope":["{{Scope}}"]}"""),
            MayRepeat = true,
        };
        using var answer = await http.SendAsync(call, token, cancellationToken).ConfigureAwait(false);
        if (JsonMembers.Text(answer.Root, "accessToken") is not { } value) throw NoToken();
        var end = DateTimeOffset.TryParse(JsonMembers.Text(answer.Root, "expireTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stated) ? stated : time.GetUtcNow().AddHours(1);
        return new GoogleToken(value, time.GetUtcNow(), end);
    }

    /// <summary>A JWT that Google signs for a service account.</summary>
    /// <param name="email">The service account.</param>
    /// <param name="claims">What is said, as JSON.</param>
    /// <param name="token">Of whoever may.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<string> SignAsync(string email, string claims, string token, CancellationToken cancellationToken)
    {
        var path = $"v1/projects/-/serviceAccounts/{Uri.EscapeDataString(email)}:signJwt";
        var call = new GoogleCall(HttpMethod.Post, new Uri(surroundings.Service("IAMCREDENTIALS", "iamcredentials.googleapis.com"), path), "SignJwt")
        {
            Body = GoogleJson.Bytes(new JsonObject { ["payload"] = claims }),
            MayRepeat = true,
        };
        using var answer = await http.SendAsync(call, token, cancellationToken).ConfigureAwait(false);
        return JsonMembers.Text(answer.Root, "signedJwt") ?? throw NoToken();
    }

    /// <param name="root"><c>access_token</c> and <c>expires_in</c>.</param>
    public GoogleToken TokenOf(JsonElement root)
    {
        if (JsonMembers.Text(root, "access_token") is not { Length: > 0 } value) throw NoToken();
        var seconds = JsonMembers.Member(root, "expires_in") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var given) ? given : 3600;
        return new GoogleToken(value, time.GetUtcNow(), time.GetUtcNow().AddSeconds(Math.Clamp(seconds, 1, 86_400)));
    }

    private static ProviderException NoToken() => new(ProviderFailureKind.Invalid, "Google's token endpoint answered without a token");
}
