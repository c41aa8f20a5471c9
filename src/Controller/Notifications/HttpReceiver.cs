using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Controller.Notifications;

/// <summary>What the receivers have in common that are reached by one POST of JSON.</summary>
internal abstract class HttpReceiver(HttpClient http, ReceiverOptions options) : INotificationReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected ReceiverOptions Options { get; } = options;

    public async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, await AddressAsync(limit.Token).ConfigureAwait(false));
            await FillAsync(request, notification, limit.Token).ConfigureAwait(false);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return;
            var isFinal = answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) && (int)answer.StatusCode < 500;
            throw new NotificationException(string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}"), isFinal);
        }
        catch (HttpRequestException failure)
        {
            throw new NotificationException($"no answer ({failure.HttpRequestError})", isFinal: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotificationException("no answer in time", isFinal: false);
        }
    }

    /// <summary>Adds body and headers.</summary>
    protected abstract Task FillAsync(HttpRequestMessage request, Notification notification, CancellationToken cancellationToken);

    protected static HttpContent Json(JsonObject body, string mediaType = "application/json") =>
        new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };

    protected static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private async Task<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        if (Options.Url is { } url) return url;
        var text = await CredentialText.ReadAsync(Options.UrlFile!, cancellationToken).ConfigureAwait(false);
        return Uri.TryCreate(text, UriKind.Absolute, out var read) && read.Scheme is "https" or "http" ? read : throw new NotificationException($"{Options.UrlFile}: holds no address", isFinal: true);
    }
}
