using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>A JWT that the key of a service account signs: RS256, as Google takes them.</summary>
internal static class SignedJwt
{
    /// <param name="key">A key file: <c>private_key</c>, <c>private_key_id</c>.</param>
    /// <param name="claims">What is said.</param>
    /// <exception cref="ProviderException">The file holds no such key.</exception>
    public static string Of(JsonElement key, JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = JsonMembers.Text(key, "private_key_id") };
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(JsonMembers.Text(key, "private_key") ?? "");
            return text + "." + Base64Url.EncodeToString(rsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, "private_key in the key file of the Google service account is no RSA key in PEM");
        }
    }
}
