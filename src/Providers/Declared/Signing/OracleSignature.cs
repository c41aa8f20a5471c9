using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace GitOpsSecrets.Providers.Declared.Signing;

/// <summary>
/// HTTP signatures as Oracle Cloud takes them (https://docs.oracle.com/iaas/Content/API/Concepts/signingrequests.htm): RSA-SHA256 over
/// <code>date (request-target) host                              of any request
/// content-length content-type x-content-sha256           of one that may have a body, too</code>
/// </summary>
/// <param name="signsHost">Oracle's own login wants it without.</param>
internal sealed class OracleSignature(bool signsHost = true) : IRequestSignature
{
    public IReadOnlyList<string> Parameters { get; } = ["keyId", "key"];

    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> with, DateTimeOffset now)
    {
        var address = request.RequestUri!;
        request.Headers.Date = now;
        var signed = new List<(string Name, string Value)>
        {
            ("date", now.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture)),
            ("(request-target)", $"{MethodOf(request)} {address.PathAndQuery}"),
        };
        if (signsHost) signed.Add(("host", address.Authority));
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Delete)
        {
            request.Content ??= new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            var hash = Convert.ToBase64String(SHA256.HashData(body));
            request.Headers.Add("x-content-sha256", hash);
            signed.Add(("content-length", body.Length.ToString(CultureInfo.InvariantCulture)));
            signed.Add(("content-type", request.Content.Headers.ContentType!.ToString()));
            signed.Add(("x-content-sha256", hash));
        }

        var text = string.Join('\n', signed.Select(header => $"{header.Name}: {header.Value}"));
        var signature = Convert.ToBase64String(SigningKey.Sign(with["key"], text, RSASignaturePadding.Pkcs1));
        var names = string.Join(' ', signed.Select(header => header.Name));
        request.Headers.TryAddWithoutValidation("Authorization", $"Signature version=\"1\",keyId=\"{with["keyId"]}\",algorithm=\"rsa-sha256\",headers=\"{names}\",signature=\"{signature}\"");
    }

#pragma warning disable CA1308 // The signature wants it small.
    private static string MethodOf(HttpRequestMessage request) => request.Method.Method.ToLowerInvariant();
#pragma warning restore CA1308
}
