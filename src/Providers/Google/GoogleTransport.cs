using System.Net;
using System.Text.Json.Nodes;
using global::Google.Apis.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Google;

/// <summary>
/// The calls of one credential of Google's library, as calls of ours: guarded, limited, repeated, counted and told as all others. Of the library's request
/// nothing is sent but the address, the body, and whose token it carries.
/// </summary>
/// <param name="http">Carries them.</param>
/// <param name="operation">For counting.</param>
internal sealed class GoogleTransport(GoogleHttp http, string operation) : HttpMessageHandler, global::Google.Apis.Http.IHttpClientFactory
{
    /// <summary>In place of an address that the library does not let one choose; null keeps the library's.</summary>
    public Uri? Address { get; init; }

    /// <summary>Whether what the library would send as a form is wanted as JSON.</summary>
    public bool SpeaksJson { get; init; }

    public static ProviderException NoToken() => new(ProviderFailureKind.Invalid, "Google's token endpoint answered without a token");

    public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args)
    {
        var client = new ConfigurableHttpClient(new ConfigurableMessageHandler(this) { FollowRedirect = false, NumTries = 1, IsLoggingEnabled = false }) { Timeout = Timeout.InfiniteTimeSpan };
        // Whoever acts as somebody else shows a token of their own.
        foreach (var initializer in args.Initializers) initializer.Initialize(client);
        return client;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The library asks for others' tokens on its own, with clocks of its own, and asks again when these have run out: the login's end is what counts, and our limits.
        var ending = GoogleLibrary.Ending;
        var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(ending).ConfigureAwait(false);
        var call = new GoogleCall(request.Method, Address ?? request.RequestUri!, operation)
        {
            Body = SpeaksJson ? Json(body!) : body,
            ContentType = SpeaksJson ? "application/json" : request.Content?.Headers.ContentType?.MediaType ?? "",
            Authorization = request.Headers.Authorization?.ToString(),
            IsMetadata = request.Headers.Contains("Metadata-Flavor"),
            MayRepeat = true,
        };
        using var answer = await http.SendAsync(call, null, ending).ConfigureAwait(false);
        if ((JsonMembers.Text(answer.Root, "access_token") ?? JsonMembers.Text(answer.Root, "accessToken")) is not { Length: > 0 }) throw NoToken();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.Root.GetRawText()), RequestMessage = request };
    }

    // GKE's pools are asked for what the token is used for in the end, also where it is shown to act as somebody else.
    private static byte[] Json(byte[] form)
    {
        var members = new JsonObject();
        foreach (var field in System.Text.Encoding.UTF8.GetString(form).Split('&'))
        {
            var (name, value) = field.Split('=') is [var left, var right] ? (left, WebUtility.UrlDecode(right)) : (field, "");
            members[WebUtility.UrlDecode(name)] = name == "scope" ? GoogleLibrary.Scope : value;
        }
        return GoogleJson.Bytes(members);
    }
}
