using System.Net;
using System.Text.Json;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Azure;

/// <summary>Around each call of a login: counts it, lets it be repeated, and tells its failure in the service's own words, before a library makes words of its own.</summary>
/// <param name="whose">The machine's identity that is asked for; null where an application logs in.</param>
internal sealed class AzureLoginHandler(HttpMessageHandler inner, CallMeter meter, TimeProvider time, string? whose) : DelegatingHandler(inner)
{
    private const int LongestReason = 300;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => meter.MeasureAsync("Login", async () =>
    {
        request.Options.Set(ProviderRequest.MayRepeat, true);
        var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // Azure Arc asks its machines for a proof.
        if (answer.IsSuccessStatusCode || (whose is not null && answer.StatusCode == HttpStatusCode.Unauthorized && answer.Headers.WwwAuthenticate.Count > 0)) return answer;
        using (answer) throw Failure(request.RequestUri!, await FieldsAsync(request, cancellationToken).ConfigureAwait(false), answer);
    });

    private ProviderException Failure(Uri address, IReadOnlyDictionary<string, string> fields, HttpResponseMessage answer)
    {
        var what = whose is null
            ? $"the login of application {fields.GetValueOrDefault("client_id")} at {address.Host}/{address.Segments[1].TrimEnd('/')}"
            : $"{address.Authority}, asked for a token of {whose},";
        var (code, reason) = Reason(answer.Body());
        // Should the service repeat what it was shown.
        foreach (var shown in fields.Where(field => field is { Key: "client_secret" or "client_assertion", Value.Length: > 0 })) reason = reason.Replace(shown.Value, "…", StringComparison.Ordinal);
        var failure = HttpFailures.OfAnswer(what, answer, time, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…");
        var kind = code switch
        {
            "invalid_client" or "unauthorized_client" or "invalid_grant" or "access_denied" or "interaction_required" => ProviderFailureKind.Denied,
            "temporarily_unavailable" => ProviderFailureKind.Unavailable,
            _ => failure.Kind,
        };
        return new(kind, failure.Message) { RetryAfter = failure.RetryAfter };
    }

    private static async Task<IReadOnlyDictionary<string, string>> FieldsAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var form = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return form.Split('&').Select(field => field.Split('=', 2)).Where(field => field.Length == 2).DistinctBy(field => field[0])
            .ToDictionary(field => field[0], field => WebUtility.UrlDecode(field[1]), StringComparer.Ordinal);
    }

    // {"error": code, "error_description": "AADSTS… sentence.\r\nTrace ID: …"}. What follows the first line is another each time, and a condition must not be.
    private static (string Code, string Reason) Reason(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var code = JsonMembers.Text(document.RootElement, "error") ?? "";
            var sentence = (JsonMembers.Text(document.RootElement, "error_description") ?? "").Split(["\r", "\n", " Trace ID:"], StringSplitOptions.None)[0].Trim();
            return (code, string.Join(": ", new[] { code, sentence }.Where(part => part.Length > 0)));
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}
