using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>Speaks the JSON of Google's services, and tells their errors as failures (https://cloud.google.com/apis/design/errors).</summary>
internal sealed class GoogleHttp(HttpClient http, CallMeter meter, TimeProvider time) : IDisposable
{
    private const int LongestReason = 300;

    /// <returns>The answer, also for errors that the call tolerates; the caller's to dispose.</returns>
    /// <exception cref="ProviderException">Every other failure, with Google's own reason.</exception>
    public async Task<GoogleAnswer> SendAsync(GoogleCall call, string? token, CancellationToken cancellationToken) => await meter.MeasureAsync(call.Operation, async () =>
    {
        try
        {
            using var request = RequestFor(call, token);
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return GoogleAnswer.Of(response.TakeBody(), "");
            var (status, reason) = ErrorIn(response.Body());
            return call.Tolerated.Contains(status, StringComparer.Ordinal) ? GoogleAnswer.Of([], status) : throw Failure(response, call, status, reason);
        }
        finally
        {
            if (call.Body is not null) CryptographicOperations.ZeroMemory(call.Body);
        }
    }).ConfigureAwait(false);

    /// <summary>A fact that a metadata server tells as text.</summary>
    public async Task<string> ReadTextAsync(GoogleCall call, CancellationToken cancellationToken) => await meter.MeasureAsync(call.Operation, async () =>
    {
        using var request = RequestFor(call, null);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? Encoding.UTF8.GetString(response.Body().Span).Trim() : throw Failure(response, call, "", "");
    }).ConfigureAwait(false);

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage RequestFor(GoogleCall call, string? token)
    {
        var request = new HttpRequestMessage(call.Method, call.Address);
        if (call.IsMetadata) request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        foreach (var (name, value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (call.Authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", call.Authorization);
        else if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (call.MayRepeat) request.Options.Set(ProviderRequest.MayRepeat, true);
        if (call.Body is not null) request.Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new MediaTypeHeaderValue(call.ContentType) } };
        return request;
    }

    private ProviderException Failure(HttpResponseMessage response, GoogleCall call, string status, string reason)
    {
        var failure = HttpFailures.OfAnswer($"Google, asked to {call.Method} {call.Address.Host}{Uri.UnescapeDataString(call.Address.AbsolutePath)},", response, time, reason);
        // Token endpoints say with a 400 that they do not know the credential (any more).
        var kind = status is "invalid_grant" or "invalid_client" or "unauthorized_client" ? ProviderFailureKind.Denied : failure.Kind;
        return new ProviderException(kind, failure.Message) { RetryAfter = failure.RetryAfter };
    }

    // {"error": {"status": "NOT_FOUND", "message": "…"}}; of token endpoints {"error": "invalid_grant", "error_description": "…"}. A body of another form is not repeated.
    private static (string Status, string Reason) ErrorIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = JsonMembers.Member(document.RootElement, "error");
            return error.ValueKind == JsonValueKind.Object
                ? (JsonMembers.Text(error, "status") ?? "", Shortened(JsonMembers.Text(error, "message")))
                : (JsonMembers.Text(document.RootElement, "error") ?? "", Shortened(JsonMembers.Text(document.RootElement, "error_description") ?? JsonMembers.Text(document.RootElement, "error")));
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }

    private static string Shortened(string? reason)
    {
        var line = (reason ?? "").ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }
}
