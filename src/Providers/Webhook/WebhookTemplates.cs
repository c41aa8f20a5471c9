using System.Diagnostics.CodeAnalysis;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.GoTemplate;

namespace GitOpsSecrets.Providers.Webhook;

/// <summary>The texts of a webhook store, as templates: <c>{{ }}</c>, and what is not there prints <c>&lt;no value&gt;</c>.</summary>
internal sealed class WebhookTemplates
{
    // The name that the original's messages have.
    private const string Name = "webhooktemplate";
    private static readonly TemplateOptions Options = new();

    private WebhookTemplates(Template url, IReadOnlyList<KeyValuePair<string, Template>> headers, Template? body, Template? jsonPath)
        => (Url, Headers, Body, JsonPath) = (url, headers, body, jsonPath);

    public Template Url { get; }

    public IReadOnlyList<KeyValuePair<string, Template>> Headers { get; }

    /// <summary>Null sends none when reading, and the value itself when pushing.</summary>
    public Template? Body { get; }

    /// <summary>Null takes the answer as it is.</summary>
    public Template? JsonPath { get; }

    /// <summary>
    /// Whether what is asked depends on who asks. A cluster store whose templates do not name the namespace is not told it, so that one source
    /// can serve all.
    /// </summary>
    public bool MentionsNamespace => Mentions("namespace");

    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: a text is no template.</exception>
    public static WebhookTemplates Of(WebhookStore options) => new(
        Parse("url", options.Url),
        [.. (options.Headers ?? []).Select(header => KeyValuePair.Create(header.Key, Parse($"headers[{header.Key}]", header.Value)))],
        string.IsNullOrEmpty(options.Body) ? null : Parse("body", options.Body),
        string.IsNullOrEmpty(options.Result?.JsonPath) ? null : Parse("result.jsonPath", options.Result.JsonPath));

    /// <summary>Whether a template names a part of <c>.remoteRef</c>; a path or a header that has its name in plain text does not.</summary>
    public bool Mentions(string part) => Headers.Select(header => header.Value).Append(Url).Append(Body).Append(JsonPath).Any(template => template?.Names(part) == true);

    public static bool IsTemplate(string text) => text.Contains(Options.LeftDelimiter, StringComparison.Ordinal);

    public static bool TryAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out address) && address.Scheme is "http" or "https" && address.Host.Length > 0;

    private static Template Parse(string field, string text)
    {
        try
        {
            return Template.Parse(Name, text, Options);
        }
        catch (TemplateException failure)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"{WebhookRules.Root}.{field}: {failure.PublicMessage}");
        }
    }
}
