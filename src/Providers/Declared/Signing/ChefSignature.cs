using System.Globalization;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Declared.Signing;

/// <summary>
/// Chef Infra Server's signed headers, version 1.3 (https://docs.chef.io/server/api_chef_server/#authentication-headers): RSA-SHA256 over seven lines, in
/// base64, in headers of sixty characters each.
/// </summary>
internal sealed class ChefSignature : IRequestSignature
{
    private const string Version = "version=1.3";
    private const string Api = "1";
    private const int LineLength = 60;

    public IReadOnlyList<string> Parameters { get; } = ["user", "key"];

    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> with, DateTimeOffset now)
    {
        var (hash, time) = (Convert.ToBase64String(SHA256.HashData(body)), now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        string[] lines =
        [
            $"Method:{request.Method.Method}", $"Path:{request.RequestUri!.AbsolutePath}", $"X-Ops-Content-Hash:{hash}", $"X-Ops-Sign:{Version}",
            $"X-Ops-Timestamp:{time}", $"X-Ops-UserId:{with["user"]}", $"X-Ops-Server-API-Version:{Api}",
        ];
        (string Name, string Value)[] headers =
        [
            ("X-Ops-Sign", Version), ("X-Ops-Timestamp", time), ("X-Ops-UserId", with["user"]), ("X-Ops-Content-Hash", hash), ("X-Ops-Server-API-Version", Api),
        ];
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var signature = Convert.ToBase64String(SigningKey.Sign(with["key"], string.Join('\n', lines), RSASignaturePadding.Pkcs1));
        for (var start = 0; start < signature.Length; start += LineLength)
        {
            var line = signature[start..Math.Min(start + LineLength, signature.Length)];
            request.Headers.TryAddWithoutValidation(string.Create(CultureInfo.InvariantCulture, $"X-Ops-Authorization-{(start / LineLength) + 1}"), line);
        }
    }
}
