using System.Net.Http.Headers;
using System.Text;
using GitOpsSecrets.Providers.Http;

namespace GitOpsSecrets.Providers.Passbolt;

/// <summary>Speaks the REST interface of one Passbolt server (https://www.passbolt.com/docs/api/). Knows no session of its own.</summary>
internal sealed class PassboltClient(HttpClient http, Uri host, CallMeter meter, TimeProvider time) : IDisposable
{
    /// <returns>An answer of success, or one that <paramref name="isAnswer"/> takes for one; the caller's to dispose.</returns>
    /// <param name="json">The body; null sends none.</param>
    /// <exception cref="ProviderException">Every other answer.</exception>
    public async Task<PassboltAnswer> SendAsync(
        HttpMethod method, string path, string operation, PassboltLogin login, string? json, Func<PassboltAnswer, bool> isAnswer, CancellationToken cancellationToken) => await meter.MeasureAsync(operation, async () =>
    {
        using var request = new HttpRequestMessage(method, host.ToString().TrimEnd('/') + path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (login.Cookies.Length > 0) request.Headers.TryAddWithoutValidation("Cookie", login.Cookies);
        if (login.CsrfToken.Length > 0 && method != HttpMethod.Get) request.Headers.TryAddWithoutValidation("X-CSRF-Token", login.CsrfToken);
        if (json is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var answer = new PassboltAnswer(response.StatusCode, response.TakeBody()) { Challenge = ChallengeOf(response), Cookies = CookiesOf(response) };
        if (answer.IsSuccess || isAnswer(answer)) return answer;
        using (answer) throw Failure(response, answer, operation);
    }).ConfigureAwait(false);

    public void Dispose() => http.Dispose();

    private ProviderException Failure(HttpResponseMessage response, PassboltAnswer answer, string operation)
    {
        if (answer.WantsSecondFactor) return new ProviderException(ProviderFailureKind.Denied, "the Passbolt account wants a second factor, which nobody can give here: use one without");
        // Success in words that Passbolt does not use is somebody else's.
        if (response.IsSuccessStatusCode) return new ProviderException(ProviderFailureKind.Invalid, $"what answered in the place of Passbolt, asked to {operation}, did not answer as it does");
        return HttpFailures.OfAnswer($"Passbolt, asked to {operation},", response, time, answer.Reason);
    }

    /// <summary>Written as PHP's <c>quotemeta(urlencode(…))</c>: each plus and dot behind a backslash.</summary>
    private static string? ChallengeOf(HttpResponseMessage response)
        => response.Headers.TryGetValues("X-GPGAuth-User-Auth-Token", out var values) && string.Concat(values) is { Length: > 0 } written
            ? Uri.UnescapeDataString(written.Replace("\\", "", StringComparison.Ordinal).Replace('+', ' '))
            : null;

    private static Dictionary<string, string> CookiesOf(HttpResponseMessage response)
    {
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!response.Headers.TryGetValues("Set-Cookie", out var lines)) return cookies;
        foreach (var line in lines)
        {
            var pair = line.Split(';', 2)[0];
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) cookies[pair[..equals].Trim()] = pair[(equals + 1)..].Trim();
        }

        return cookies;
    }
}
