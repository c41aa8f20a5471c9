using System.Net;

namespace GitOpsSecrets.Providers.Http;

/// <summary>Follows redirects to the same scheme, host and port; any other answer of this kind goes to the caller, to whom it is a failure.</summary>
internal sealed class RedirectHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var origin = request.RequestUri;
        var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        for (var followed = 0; followed < MaxRedirects && TargetOf(request, answer) is { } target; followed++)
        {
            if (answer.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.MovedPermanently or HttpStatusCode.Found && request.Method == HttpMethod.Post)
            {
                request.Method = HttpMethod.Get;
                request.Content = null;
            }

            answer.Dispose();
            request.RequestUri = target;
            answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        request.RequestUri = origin;
        return answer;
    }

    private static Uri? TargetOf(HttpRequestMessage request, HttpResponseMessage answer)
    {
        var isRedirect = answer.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (!isRedirect || answer.Headers.Location is not { } location) return null;
        var target = new Uri(request.RequestUri!, location);
        return Uri.Compare(target, request.RequestUri, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0 ? target : null;
    }
}
