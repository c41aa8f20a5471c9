using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// Who somebody is in AWS, as Google wants it proven: the signed request that AWS would answer with the caller's identity, which Google sends in the
/// caller's place (https://google.aip.dev/auth/4117, "Determining the subject token in AWS"). It is signed for Google's audience alone.
/// </summary>
internal static class AwsCallerIdentity
{
    private const string Query = "Action=GetCallerIdentity&Version=2011-06-15";

    /// <param name="region">Of the security token service that is asked.</param>
    /// <param name="accessKeyId">AWS access key.</param>
    /// <param name="secretAccessKey">Its secret.</param>
    /// <param name="sessionToken">Null for none.</param>
    /// <param name="audience">Google's name of the identity provider.</param>
    /// <param name="now">The time of the signature.</param>
    public static string SubjectToken(string region, string accessKeyId, string secretAccessKey, string? sessionToken, string audience, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var host = $"sts.{region}.amazonaws.com";
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = host, ["x-amz-date"] = stamp, ["x-goog-cloud-target-resource"] = audience };
        if (!string.IsNullOrEmpty(sessionToken)) headers["x-amz-security-token"] = sessionToken;
        var signed = string.Join(';', headers.Keys);
        var request = $"POST\n/\n{Query}\n{string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"))}\n{signed}\n{Hex(SHA256.HashData([]))}";
        var scope = $"{stamp[..8]}/{region}/sts/aws4_request";
        var signature = Sign(secretAccessKey, scope, $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}");
        headers["Authorization"] = $"AWS4-HMAC-SHA256 Credential={accessKeyId}/{scope}, SignedHeaders={signed}, Signature={signature}";
        var token = new JsonObject
        {
            ["url"] = $"https://{host}?{Query}",
            ["method"] = "POST",
            ["headers"] = new JsonArray([.. headers.Select(header => (JsonNode)new JsonObject { ["key"] = header.Key, ["value"] = header.Value })]),
        };
        return Uri.EscapeDataString(token.ToJsonString());
    }

    private static string Sign(string secret, string scope, string text)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
        {
            var next = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
            CryptographicOperations.ZeroMemory(key);
            key = next;
        }
        var signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        CryptographicOperations.ZeroMemory(key);
        return signature;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
