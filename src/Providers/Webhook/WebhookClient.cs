using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>Renders the requests of one webhook store and sends them.</summary>
internal sealed class WebhookClient(HttpClient http, WebhookTemplates templates, CallMeter meter, TimeProvider time) : IDisposable
{
    private readonly ExecuteOptions execution = new() { Time = time };

    /// <param name="defaultBody">Sent where the store has no template for a body; zeroed.</param>
    /// <returns>The body of the answer, the caller's to zero; null for 404.</returns>
    /// <exception cref="ProviderException">A template failed, or the endpoint did.</exception>
    public async Task<byte[]?> SendAsync(HttpMethod method, WebhookData data, byte[]? defaultBody, bool withBody, CancellationToken cancellationToken)
    {
        var body = withBody && templates.Body is { } template ? Render("body", template, data.AsIs(), cancellationToken) : defaultBody;
        try
        {
            using var request = new HttpRequestMessage(method, Address(data, cancellationToken));
            if (body is not null) request.Content = new ByteArrayContent(body);
            AddHeaders(request, data, cancellationToken);
            return await meter.MeasureAsync("HTTPRequest", async () =>
            {
                using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (answer.StatusCode == HttpStatusCode.NotFound) return null;
                return answer.IsSuccessStatusCode ? answer.TakeBody() : throw HttpFailures.OfAnswer("endpoint", answer, time);
            }).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            if (!IsHostSecret(data, cancellationToken)) throw;
            throw new ProviderException(failure.Kind, WithoutHost(failure.Message, Address(data, cancellationToken))) { RetryAfter = failure.RetryAfter };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
            CryptographicOperations.ZeroMemory(defaultBody);
        }
    }

    /// <summary>The path that this request's data make of the template; null takes the answer as it is.</summary>
    public JsonPath? JsonPath(WebhookData data, CancellationToken cancellationToken)
    {
        if (templates.JsonPath is not { } template) return null;
        var text = Encoding.UTF8.GetString(Render("result.jsonPath", template, data.AsIs(), cancellationToken));
        return text.Length == 0 ? null : Json.JsonPath.Parse(text, isSecret: TextWithoutSecrets(template, data.AsIs(withSecrets: false), cancellationToken) != text);
    }

    /// <summary>Whether a part of a reference can have a say in what is asked and taken.</summary>
    public bool Mentions(string part) => templates.Mentions(part);

    public void Dispose() => http.Dispose();

    /// <summary>Whether a secret has a say in which host is called, so that its name must not be told.</summary>
    private bool IsHostSecret(WebhookData data, CancellationToken cancellationToken) =>
        !WebhookTemplates.TryAddress(TextWithoutSecrets(templates.Url, data.ForUrl(withSecrets: false), cancellationToken) ?? "", out var without) || without.Authority != Address(data, cancellationToken).Authority;

    private static string WithoutHost(string message, Uri address) =>
        new[] { address.Authority, address.Host, address.IdnHost }.OrderByDescending(name => name.Length).Aggregate(message, (text, name) => text.Replace(name, "(a host from a Secret)", StringComparison.OrdinalIgnoreCase));

    /// <summary>What a template makes of what is no secret; null when it cannot do without.</summary>
    private string? TextWithoutSecrets(Template template, GoMap data, CancellationToken cancellationToken)
    {
        try
        {
            return Encoding.UTF8.GetString(template.Execute(data, execution, cancellationToken));
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private Uri Address(WebhookData data, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(Render("url", templates.Url, data.ForUrl(), cancellationToken));
        // The text itself stays out of the message: secrets may have gone into it.
        return WebhookTemplates.TryAddress(text, out var address) ? address : throw new ProviderException(ProviderFailureKind.Invalid, $"{WebhookRules.Root}.url does not become an http or https address");
    }

    private void AddHeaders(HttpRequestMessage request, WebhookData data, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.UserInfo is { Length: > 0 } user) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(user))));
        foreach (var (name, template) in templates.Headers)
        {
            var value = Encoding.UTF8.GetString(Render($"headers[{name}]", template, data.AsIs(), cancellationToken));
            if (value.AsSpan().ContainsAny('\r', '\n', '\0')) throw new ProviderException(ProviderFailureKind.Invalid, $"{WebhookRules.Root}.headers[{name}] holds a line break, which no header can");
            if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)) request.Headers.Authorization = null;
            if (request.Headers.TryAddWithoutValidation(name, value)) continue;
            if (request.Content is null || !request.Content.Headers.TryAddWithoutValidation(name, value)) AddContentHeader(request, name, value);
        }
    }

    // A header about the body, such as Content-Type, goes with a request that has none too: the original sends it.
    private static void AddContentHeader(HttpRequestMessage request, string name, string value)
    {
        request.Content ??= new ByteArrayContent([]);
        if (!request.Content.Headers.TryAddWithoutValidation(name, value)) throw new ProviderException(ProviderFailureKind.Invalid, $"{WebhookRules.Root}.headers[{name}] is not a header's name");
    }

    private byte[] Render(string field, Template template, GoMap data, CancellationToken cancellationToken)
    {
        try
        {
            return template.Execute(data, execution, cancellationToken);
        }
        catch (TemplateException failure)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{WebhookRules.Root}.{field}: {failure.PublicMessage}");
        }
    }
}
