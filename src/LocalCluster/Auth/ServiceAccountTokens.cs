using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Auth;

/// <summary>Signed tokens of service accounts (JWT, ES256): made by TokenRequest, checked on every request.</summary>
internal sealed class ServiceAccountTokens(ObjectStore store, TimeProvider time) : IDisposable
{
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";
    private const string KeyId = "local";
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Issue(string ns, string name, string uid, IReadOnlyList<string> audiences, TimeSpan lifetime)
    {
        var now = time.GetUtcNow();
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = new JsonObject { ["namespace"] = ns, ["serviceaccount"] = new JsonObject { ["name"] = name, ["uid"] = uid } },
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{ns}:{name}",
        };
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = KeyId, ["typ"] = "JWT" };
        var signed = Encode(header) + "." + Encode(claims);
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <returns>The account, when the token is signed here, in time, for one of the audiences, and the account still is the same.</returns>
    public TokenVerdict? Verify(string token, IReadOnlyList<string> audiences)
    {
        if (Claims(token) is not { } claims) return null;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (claims["exp"]!.GetValue<long>() <= now || claims["nbf"]!.GetValue<long>() > now) return null;
        var shared = claims["aud"]!.AsArray().Select(audience => audience!.GetValue<string>()).Intersect(audiences).ToList();
        if (shared.Count == 0) return null;
        var bound = claims["kubernetes.io"]!;
        var ns = bound["namespace"]!.GetValue<string>();
        var name = bound["serviceaccount"]!["name"]!.GetValue<string>();
        var uid = bound["serviceaccount"]!["uid"]!.GetValue<string>();
        var account = store.Find("serviceaccounts", new ObjectKey(ns, name));
        return account?.Uid == uid && !account.IsTerminating ? new TokenVerdict(UserInfo.ServiceAccount(ns, name, uid), shared) : null;
    }

    /// <summary>The public key as a JSON Web Key Set, for <c>/openid/v1/jwks</c>.</summary>
    public JsonObject KeySet()
    {
        var point = key.ExportParameters(false).Q;
        var jwk = new JsonObject
        {
            ["use"] = "sig",
            ["kty"] = "EC",
            ["kid"] = KeyId,
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
        return new JsonObject { ["keys"] = new JsonArray(jwk) };
    }

    public void Dispose() => key.Dispose();

    private JsonObject? Claims(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3) return null;
        try
        {
            var signed = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
            if (!key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256)) return null;
            return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonText.ToUtf8(json));
}
