using System.Net;
using Polly;
using Polly.Retry;

namespace GitOpsSecrets.Providers.Http;

/// <summary>When and how often a call is repeated.</summary>
internal static class RetryPipeline
{
    /// <summary>A store that wants to be left alone for longer is: its caller hears of it and decides.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>When the call began, in the clock's own units.</summary>
    public static readonly ResiliencePropertyKey<long> Started = new("started");

    /// <summary>What was answered before it was asked again.</summary>
    public static readonly ResiliencePropertyKey<HttpStatusCode> Answered = new("answered");

    /// <param name="limit">The call's time with all repetitions. What is waited must leave half of the rest: cut off, the answer would be lost.</param>
    public static ResiliencePipeline<HttpResponseMessage> Build(RetrySettings? settings, ProviderHttpOptions options, TimeSpan limit, TimeProvider time)
    {
        var retries = settings?.MaxRetries ?? options.MaxRetries;
        if (retries <= 0) return ResiliencePipeline<HttpResponseMessage>.Empty;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = retries,
            BackoffType = settings?.Interval is null ? DelayBackoffType.Exponential : DelayBackoffType.Constant,
            Delay = settings?.Interval ?? options.RetryDelay,
            UseJitter = settings?.Interval is null,
            MaxDelay = settings?.Interval is null ? LongestPause : null,
            ShouldHandle = arguments => ValueTask.FromResult(IsWorthRepeating(arguments.Outcome, settings?.Interval, Left(arguments.Context, limit, time) / 2, time)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer ? HttpFailures.RetryAfterOf(answer, time) : null),
            OnRetry = async arguments =>
            {
                if (arguments.Outcome.Result is { } answer)
                {
                    arguments.Context.Properties.Set(Answered, answer.StatusCode);
                    answer.Dispose();
                }
                if (settings?.Turn is { } turn) await turn(arguments.Context.CancellationToken).ConfigureAwait(false);
            },
        });
        return builder.Build();
    }

    private static bool IsWorthRepeating(Outcome<HttpResponseMessage> outcome, TimeSpan? interval, TimeSpan longest, TimeProvider time)
    {
        if (interval > longest) return false;
        // What the guard or a certificate check refused would be refused again.
        if (outcome.Exception is HttpRequestException failure) return failure.InnerException is not ProviderException && failure.HttpRequestError != HttpRequestError.SecureConnectionError;
        if (outcome.Result is not { } answer) return false;
        if (!IsPassing(answer.StatusCode)) return false;
        return HttpFailures.RetryAfterOf(answer, time) is not { } wait || (wait <= LongestPause && wait <= longest);
    }

    private static TimeSpan Left(ResilienceContext context, TimeSpan limit, TimeProvider time) =>
        context.Properties.TryGetValue(Started, out var started) ? limit - time.GetElapsedTime(started) : limit;

    private static bool IsPassing(HttpStatusCode status) => status is
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
