using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>
/// One request of Keeper Secrets Manager: a fresh key, sealed for the server; the payload, sealed with that key; both signed by the device. The answer is sealed with the same key.
/// (Learned from the vendor's open clients, whose version this one names: the server takes only those that it knows.)
/// </summary>
internal sealed class KeeperClient(HttpClient http, Uri server, KeeperConfiguration configuration, IReadOnlyDictionary<string, string> serverKeys, CallMeter meter, TimeProvider time) : IDisposable
{
    public const string Version = "mg16.6.4";
    private const int LongestReason = 300;
    private volatile string keyNumber = serverKeys.ContainsKey(configuration.ServerKey) ? configuration.ServerKey : KeeperServerKeys.Usual;

    public KeeperConfiguration Configuration => configuration;

    /// <param name="route">Such as <c>get_secret</c>.</param>
    /// <param name="payload">JSON; zeroed.</param>
    /// <param name="operation">The name under which the call is counted.</param>
    /// <returns>The opened answer, which may be empty; the caller's to zero.</returns>
    /// <exception cref="ProviderException">Every failure.</exception>
    public async Task<byte[]> PostAsync(string route, byte[] payload, string operation, CancellationToken cancellationToken) => await meter.MeasureAsync(operation, async () =>
    {
        try
        {
            var asked = keyNumber;
            if (await PostOnceAsync(route, payload, asked, cancellationToken).ConfigureAwait(false) is { } answer) return answer;
            // The server wants another of its keys, once: it would not want two of them.
            return await PostOnceAsync(route, payload, keyNumber, cancellationToken).ConfigureAwait(false) ?? throw new ProviderException(ProviderFailureKind.Invalid, "Keeper asks for one key after the other");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }).ConfigureAwait(false);

    /// <summary>A file's content, from where the server said that it is: sealed, so that it does not matter who keeps it.</summary>
    /// <exception cref="ProviderException">It is not there, or nowhere to be asked for.</exception>
    public async Task<byte[]> DownloadAsync(string url, string title, CancellationToken cancellationToken) => await meter.MeasureAsync("GetFile", async () =>
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps) throw new ProviderException(ProviderFailureKind.Invalid, $"Keeper has no https address of the file \"{title}\"");
        using var response = await http.GetAsync(address, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? response.TakeBody() : throw HttpFailures.OfAnswer($"{address.Host}, asked for the file \"{title}\" of Keeper,", response, time);
    }).ConfigureAwait(false);

    public void Dispose()
    {
        http.Dispose();
        configuration.Dispose();
    }

    private async Task<byte[]?> PostOnceAsync(string route, byte[] payload, string number, CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetBytes(KeeperCipher.KeySize);
        try
        {
            var sealedKey = KeeperCipher.SealFor(key, KeeperCipher.Decode(serverKeys[number])!, $"key {number} of Keeper's server");
            var body = KeeperCipher.Seal(payload, key);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "api/rest/sm/v1/" + route)) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            request.Headers.TryAddWithoutValidation("PublicKeyId", number);
            request.Headers.TryAddWithoutValidation("TransmissionKey", Convert.ToBase64String(sealedKey));
            request.Headers.TryAddWithoutValidation("Authorization", "Signature " + Convert.ToBase64String(configuration.Sign((byte[])[.. sealedKey, .. body])));
            if (route.StartsWith("get_", StringComparison.Ordinal)) request.Options.Set(ProviderRequest.MayRepeat, true);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) return WantsAnotherKey(response, number) ? null : throw Failure(response, route);
            var box = response.Body();
            if (box.Length == 0) return [];
            return KeeperCipher.Open(box.Span, key) ?? throw new ProviderException(ProviderFailureKind.Invalid, $"what answered in the place of Keeper, asked to {route}, did not answer as it does");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // {"error": "key", "message": "invalid key id", "key_id": 12}
    private bool WantsAnotherKey(HttpResponseMessage response, string number)
    {
        using var document = Parsed(response.Body());
        if (document is null || CodeOf(document.RootElement) != "key" || JsonMembers.Member(document.RootElement, "key_id") is not { ValueKind: JsonValueKind.Number } wanted || !wanted.TryGetInt32(out var id)) return false;
        var other = id.ToString(CultureInfo.InvariantCulture);
        if (other == number) return false;
        if (!serverKeys.ContainsKey(other)) throw new ProviderException(ProviderFailureKind.Invalid, $"Keeper asks for its key {other}, which this controller does not know: it may be time for a newer one");
        keyNumber = other;
        return true;
    }

    // {"result_code" or "error": "access_denied", "message": "…"}. A body of another form is not repeated.
    private ProviderException Failure(HttpResponseMessage response, string route)
    {
        using var document = Parsed(response.Body());
        var (code, message) = document is null ? (null, null) : (CodeOf(document.RootElement), JsonMembers.Text(document.RootElement, "message") ?? JsonMembers.Text(document.RootElement, "additional_info"));
        var reason = $"{code}{(code is null || message is null ? "" : ": ")}{message}".ReplaceLineEndings(" ").Trim();
        var failure = HttpFailures.OfAnswer($"Keeper, asked to {route},", response, time, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…");
        var kind = code switch
        {
            // It says so with a 403.
            "throttled" => ProviderFailureKind.Throttled,
            "out_of_sync" => ProviderFailureKind.Conflict,
            _ => failure.Kind,
        };
        return new ProviderException(kind, failure.Message) { RetryAfter = failure.RetryAfter };
    }

    private static string? CodeOf(JsonElement answer) => JsonMembers.Text(answer, "result_code") ?? JsonMembers.Text(answer, "error");

    private static JsonDocument? Parsed(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
