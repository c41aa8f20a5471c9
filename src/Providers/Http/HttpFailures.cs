using System.Net;
using System.Security.Authentication;

namespace GitOpsSecrets.Providers.Http;

/// <summary>What HTTP's failures mean. Texts of servers are left out: a body or reason phrase can repeat what was sent.</summary>
public static class HttpFailures
{
    /// <param name="what">What was asked, such as <c>endpoint</c>: the start of the message.</param>
    /// <param name="answer">One whose status is no success and, where that has a meaning of its own, not 404.</param>
    /// <param name="time">The clock that a date in <c>Retry-After</c> is compared with.</param>
    /// <param name="detail">The store's own reason, known to hold no value.</param>
    public static ProviderException OfAnswer(string what, HttpResponseMessage answer, TimeProvider time, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var status = (int)answer.StatusCode;
        var text = $"{what} gave error {status}{NameOf(answer.StatusCode)}";
        detail ??= RefusedRedirect(answer);
        return new ProviderException(KindOf(answer.StatusCode), string.IsNullOrEmpty(detail) ? text : $"{text}: {detail}") { RetryAfter = RetryAfterOf(answer, time) };
    }

    /// <summary>Whoever reads that a redirect is an error wants to know where it led. The host alone: the rest of an address may hold what was sent.</summary>
    private static string? RefusedRedirect(HttpResponseMessage answer) =>
        (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { IsAbsoluteUri: true } target && answer.RequestMessage?.RequestUri is { } asked
        && Uri.Compare(target, asked, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0
            ? $"it redirects to {target.Scheme}://{target.Authority}, and redirects to another host are not followed"
            : null;

    public static ProviderFailureKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired => ProviderFailureKind.Denied,
        HttpStatusCode.TooManyRequests => ProviderFailureKind.Throttled,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.Locked => ProviderFailureKind.Conflict,
        HttpStatusCode.RequestTimeout => ProviderFailureKind.Unavailable,
        >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => ProviderFailureKind.Unavailable,
        _ => ProviderFailureKind.Invalid,
    };

    public static TimeSpan? RetryAfterOf(HttpResponseMessage answer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(time);
        if (answer.Headers.RetryAfter is not { } header) return null;
        var wait = header.Delta ?? header.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Null for what is no failure of the call.</summary>
    /// <param name="before">What was answered before it was asked again, if anything.</param>
    internal static Exception? OfException(Exception failure, Uri address, TimeSpan timeout, HttpStatusCode? before = null)
    {
        var host = $"{address.Scheme}://{address.Authority}{EnvironmentProxy.Through(address)}";
        return failure switch
        {
            ProviderException => null,
            OperationCanceledException => new ProviderException(ProviderFailureKind.Unavailable, $"no answer from {host} within {timeout.TotalSeconds:0.###} s{(before is { } status ? $", but error {(int)status}{NameOf(status)}" : "")}"),
            HttpRequestException { InnerException: ProviderException refused } => new ProviderException(refused.Kind, refused.Message),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } insecure => new ProviderException(ProviderFailureKind.Unavailable, $"{host} cannot be trusted: {TlsReason(insecure)}"),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new ProviderException(ProviderFailureKind.Unavailable, $"the name of {host} cannot be resolved"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new ProviderException(ProviderFailureKind.Unavailable, $"{host} cannot be reached"),
            HttpRequestException request => new ProviderException(ProviderFailureKind.Unavailable, $"the call to {host} failed ({request.HttpRequestError})"),
            IOException => new ProviderException(ProviderFailureKind.Unavailable, $"the connection to {host} broke"),
            _ => null,
        };
    }

    private static string TlsReason(HttpRequestException failure) => failure.InnerException is AuthenticationException { Message: var reason } ? reason : "the connection cannot be secured";

    private static string NameOf(HttpStatusCode status) => Enum.IsDefined(status) ? " " + status : "";
}
