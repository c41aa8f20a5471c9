using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// A service account by its key file: a JWT, signed with the key, is given for a token (RFC 7523,
/// https://developers.google.com/identity/protocols/oauth2/service-account).
/// </summary>
/// <param name="exchange">Sends it.</param>
/// <param name="time">Dates it.</param>
/// <param name="read">Reads the key file; the caller's to zero.</param>
internal sealed class ServiceAccountLogin(TokenExchange exchange, TimeProvider time, Func<CancellationToken, Task<byte[]>> read) : IGoogleLogin
{
    public const string KeyType = "service_account";
    private const string UsualTokenAddress = "https://oauth2.googleapis.com/token";
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public async Task<GoogleToken> LogInAsync(CancellationToken cancellationToken)
    {
        var bytes = await read(cancellationToken).ConfigureAwait(false);
        try
        {
            using var key = ParseKey(bytes);
            return await LogInAsync(key.RootElement, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <exception cref="ProviderException">It is no key file of a service account.</exception>
    public static JsonDocument ParseKey(byte[] bytes)
    {
        try
        {
            var key = JsonDocument.Parse(bytes);
            if (JsonMembers.Text(key.RootElement, "type") == KeyType) return key;
            key.Dispose();
        }
        catch (JsonException)
        {
            // As a file of another type.
        }
        throw new ProviderException(ProviderFailureKind.Invalid, "the credential is not the JSON key file of a Google service account");
    }

    private async Task<GoogleToken> LogInAsync(JsonElement key, CancellationToken cancellationToken)
    {
        if (JsonMembers.Text(key, "client_email") is not { } email)
            throw new ProviderException(ProviderFailureKind.Invalid, "the key file of the Google service account lacks client_email");
        if (JsonMembers.Text(key, "universe_domain") is { } universe && universe != "googleapis.com")
            throw new ProviderException(ProviderFailureKind.Invalid, $"the key file is of the universe {universe}; only googleapis.com is supported");
        if (!Uri.TryCreate(JsonMembers.Text(key, "token_uri") ?? UsualTokenAddress, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            throw new ProviderException(ProviderFailureKind.Invalid, "token_uri in the key file of the Google service account is no address");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["grant_type"] = Grant, ["assertion"] = Assertion(key, email, address) };
        return await exchange.PostFormAsync(address, fields, "GenerateAccessToken", null, cancellationToken).ConfigureAwait(false);
    }

    private string Assertion(JsonElement key, string email, Uri audience)
    {
        var now = time.GetUtcNow();
        return SignedJwt.Of(key, new JsonObject
        {
            ["iss"] = email,
            ["scope"] = TokenExchange.Scope,
            ["aud"] = audience.OriginalString,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        });
    }
}
