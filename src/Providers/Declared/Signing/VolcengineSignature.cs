using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Declared.Signing;

/// <summary>
/// Signature version 4 of Volcengine (https://www.volcengine.com/docs/6369/67269): AWS's in shape, with other names, and without the "AWS4" before the secret key.
/// </summary>
internal sealed class VolcengineSignature : IRequestSignature
{
    private const string Algorithm = "HMAC-SHA256";
    private const string End = "request";

    public IReadOnlyList<string> Parameters { get; } = ["id", "key", "region", "service", "token?"];

    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> with, DateTimeOffset now)
    {
        var address = request.RequestUri!;
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = address.Authority, ["x-content-sha256"] = hash, ["x-date"] = time };
        if (request.Content?.Headers.ContentType is { } type) signed["content-type"] = type.ToString();
        if (with.TryGetValue("token", out var token)) signed["x-security-token"] = token;
        var names = string.Join(';', signed.Keys);
        var canonical = new StringBuilder(request.Method.Method).Append('\n').Append(address.AbsolutePath).Append('\n').Append(QueryOf(address)).Append('\n');
        foreach (var (name, value) in signed) canonical.Append(name).Append(':').Append(value).Append('\n');
        canonical.Append('\n').Append(names).Append('\n').Append(hash);

        var scope = $"{time[..8]}/{with["region"]}/{with["service"]}/{End}";
        var text = $"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var signature = Convert.ToHexStringLower(Hmac(KeyOf(with, time[..8]), text));
        foreach (var (name, value) in signed.Where(header => header.Key is not ("host" or "content-type"))) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", $"{Algorithm} Credential={with["id"]}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static byte[] KeyOf(IReadOnlyDictionary<string, string> with, string day)
    {
        var key = Encoding.UTF8.GetBytes(with["key"]);
        foreach (var step in (string[])[day, with["region"], with["service"], End])
        {
            var next = Hmac(key, step);
            CryptographicOperations.ZeroMemory(key);
            key = next;
        }

        return key;
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    /// <summary>In the order of their names; escaped they are already.</summary>
    private static string QueryOf(Uri address) => string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}
