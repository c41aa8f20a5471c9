using System.Globalization;
using System.Net;
using System.Text.Json;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>Sends requests: at the rate allowed, within a time, again when the server says when, and with failures as typed exceptions.</summary>
internal sealed class KubeTransport(KubeConnection connection, KubeTransportOptions options, TimeProvider timeProvider)
{
    private const int MostFields = 5;
    private const int LongestReason = 40;
    private const int LongestStatus = 64 * 1024;

    private readonly RequestRate rate = new(options.QueriesPerSecond, options.Burst, timeProvider);

    /// <summary>The clock by which requests wait and time out.</summary>
    public TimeProvider TimeProvider => timeProvider;

    /// <summary>The server as the log names it.</summary>
    public string Server => connection.Server;

    /// <summary>Sends the request and reads its answer with <paramref name="read"/>.</summary>
    /// <exception cref="KubeApiException">The server refused.</exception>
    /// <exception cref="KubeTransportException">No usable answer.</exception>
    public async Task<TResult> SendAsync<TResult>(
        KubeRequest request,
        Func<Stream, CancellationToken, ValueTask<TResult>> read,
        CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(request, cancellationToken);
        using var timeout = new CancellationTokenSource(options.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            return await read(stream, either.Token);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Without the inner exception, which may quote the answer.
            throw new KubeTransportException($"the answer of the API server at {Server} to {request.Method} is not of the expected form");
        }
        catch (Exception exception) when (IsTransportFailure(exception, cancellationToken))
        {
            throw new KubeTransportException($"the answer of the API server at {Server} to {request.Method} did not come to its end: {Cause(exception, timeout)}", exception);
        }
    }

    /// <summary>Sends the request and gives back the successful response, whose body the caller reads and disposes.</summary>
    /// <exception cref="KubeApiException">The server refused.</exception>
    /// <exception cref="KubeTransportException">No usable answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(KubeRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await rate.WaitAsync(cancellationToken);
            var response = await TryOnceAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                var failure = await ReadFailureAsync(request, response, cancellationToken);
                if (!failure.IsTransient || failure.RetryAfter is not { } delay || attempt == options.Attempts || delay > options.LongestRetryAfter)
                {
                    throw failure;
                }

                await Task.Delay(delay, timeProvider, cancellationToken);
            }
        }
    }

    private async Task<HttpResponseMessage> TryOnceAsync(KubeRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var message = new HttpRequestMessage(request.Method, new Uri(connection.BaseUri, request.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = request.Body?.ToContent(),
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        try
        {
            return await connection.SendAsync(message, either.Token);
        }
        catch (Exception exception) when (IsTransportFailure(exception, cancellationToken))
        {
            throw new KubeTransportException($"cannot reach the API server at {Server}: {Cause(exception, timeout)}", exception);
        }
    }

    // Everything but the caller's own cancellation: sockets, TLS, time, token files, exec plugins.
    private static bool IsTransportFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is not (KubeApiException or KubeTransportException) && !cancellationToken.IsCancellationRequested;

    private string Cause(Exception exception, CancellationTokenSource timeout) => timeout.IsCancellationRequested
        ? string.Create(CultureInfo.InvariantCulture, $"it did not answer within {options.Timeout.TotalSeconds} s")
        : KubeFailure.Cause(exception, connection.Distrust);

    private async Task<KubeApiException> ReadFailureAsync(KubeRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = await ReadStatusAsync(response, cancellationToken);
        var retryAfter = RetryAfterOf(response) ?? (status?.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null);
        var reason = string.IsNullOrEmpty(status?.Reason) ? response.StatusCode.ToString() : status.Reason;
        var message = string.IsNullOrEmpty(status?.Message) ? $"the API server answered {(int)response.StatusCode} {reason}" : status.Message;
        var causes = status?.Details?.Causes ?? [];
        var fields = causes.Where(cause => cause.Field is { Length: > 0 }).Select(cause => Tells(cause.Reason) ? $"{cause.Field} ({cause.Reason})" : cause.Field!).Distinct().Take(MostFields);
        return new KubeApiException(response.StatusCode, reason, message, retryAfter)
        {
            Fields = [.. fields],
            Verb = VerbOf(request),
            Resource = request.Resource,
            IsNamespaceEnding = causes.Any(cause => cause.Reason == KubeReason.NamespaceTerminating),
        };
    }

    /// <summary>A word, and not the one that says no more than that it is wrong.</summary>
    private static bool Tells(string? reason) => reason is { Length: > 0 and <= LongestReason } and not "FieldValueInvalid" && reason.All(char.IsAsciiLetter);

    private static string VerbOf(KubeRequest request) => request.Method.Method switch
    {
        "PUT" or "PATCH" when request.Path.Split('?')[0].EndsWith("/" + KubeClient.StatusSubresource, StringComparison.Ordinal) => "update the status of",
        "GET" => KubeVerb.Read,
        "POST" => KubeVerb.Create,
        "PUT" => KubeVerb.Update,
        "PATCH" => "patch",
        _ => "delete",
    };

    /// <summary>The Status in the body, or <c>null</c>: proxies answer in HTML, and a body may be missing or endless.</summary>
    private async Task<KubeStatus?> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var bytes = new byte[LongestStatus];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, either.Token);
            return JsonSerializer.Deserialize(bytes.AsSpan(0, length), KubeJson.Default.KubeStatus);
        }
        catch (Exception exception) when (exception is JsonException || IsTransportFailure(exception, cancellationToken))
        {
            return null;
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > timeProvider.GetUtcNow() ? date - timeProvider.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
