using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared.Signing;
using GitOpsSecrets.Providers.Grpc;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Nebius;

/// <summary>
/// Logs in as a service account: a JWT that its key signs is exchanged for a token (RFC 8693). The key is the vendor's file
/// <c>{"subject-credentials": {"alg": "RS256", "private-key": …, "kid": …, "iss": …, "sub": …}}</c>. Zeroed on disposal.
/// </summary>
internal sealed class NebiusServiceAccount : IDisposable
{
    private const string Method = "/nebius.iam.v1.TokenExchangeService/Exchange";
    private const string Audience = "token-service.iam.new.nebiuscloud.net";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private readonly SecretValues credentials;

    private NebiusServiceAccount(SecretValues credentials) => this.credentials = credentials;

    /// <param name="file">Zeroed.</param>
    /// <exception cref="ProviderException">It is no such file.</exception>
    public static NebiusServiceAccount Parse(byte[] file)
    {
        using var wrapper = JsonObjectText.Read(file);
        var credentials = wrapper?.Find("subject-credentials") is { } inner ? JsonObjectText.Read(inner) : null;
        // The values above are copies of their own.
        CryptographicOperations.ZeroMemory(file);
        var account = new NebiusServiceAccount(credentials ?? throw Invalid("malformed JSON"));
        if (account.Text("alg") is not ("RS256" or "")) throw account.Refused("only RS256 is supported");
        if (account.Text("iss") is { Length: > 0 } issuer && issuer != account.Text("sub")) throw account.Refused("the subject must be the same as the issuer");
        foreach (var name in (string[])["private-key", "kid", "sub"])
        {
            if (credentials.Find(name) is not { Length: > 0 }) throw account.Refused($"{name} is missing");
        }

        return account;
    }

    /// <exception cref="ProviderException">Nebius refused it, or gave no token; or the key is none.</exception>
    public async Task<GrpcToken> LogInAsync(GrpcClient client, Uri server, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetUtcNow();
        var proof = Sign(start);
        var call = new GrpcCall(server, Method, "Auth", message => message
            .Text(1, "urn:ietf:params:oauth:grant-type:token-exchange")
            .Text(2, "urn:ietf:params:oauth:token-type:access_token")
            .Text(3, proof)
            .Text(4, "urn:ietf:params:oauth:token-type:jwt"));
        using var answer = await client.SendAsync(call, null, cancellationToken).ConfigureAwait(false);
        return answer.Message.Text(1) is { Length: > 0 } token
            ? GrpcToken.Lasting(token, answer.Message.Number(4), start)
            : throw new ProviderException(ProviderFailureKind.Invalid, "Nebius, asked for a token, gave none");
    }

    public void Dispose() => credentials.Dispose();

    private string Sign(DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = Text("kid"), ["typ"] = "JWT" };
        var claims = new JsonObject { ["iss"] = Text("sub"), ["sub"] = Text("sub"), ["aud"] = new JsonArray(Audience), ["exp"] = (now + Lifetime).ToUnixTimeSeconds(), ["iat"] = now.ToUnixTimeSeconds() };
        var text = Part(header) + "." + Part(claims);
        var key = Encoding.UTF8.GetChars(credentials.Find("private-key")!);
        try
        {
            return text + "." + Base64Url.EncodeToString(SigningKey.Sign(key, text, RSASignaturePadding.Pkcs1));
        }
        finally
        {
            Array.Clear(key);
        }
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private string Text(string name) => credentials.Find(name) is { } value ? Encoding.UTF8.GetString(value) : "";

    private ProviderException Refused(string problem)
    {
        Dispose();
        return Invalid(problem);
    }

    private static ProviderException Invalid(string problem) => new(ProviderFailureKind.Invalid, $"{NebiusRules.Root}.auth.serviceAccountCredsSecretRef: invalid subject credentials: {problem}");
}
