using System.Globalization;

namespace GitOpsSecrets.Controller.Http;

/// <summary>
/// Lets a request through, holds it for a moment, or answers 429. Most requests come through the API server's service
/// proxy, so the connection's address is the API server's; the proxy appends its own caller to X-Forwarded-For, so the
/// last entry there tells callers apart. A pod that connects directly can write anything there: it only divides the
/// share of its own address, which is bounded as a whole. (The original keys by the whole header and nothing else, so a
/// new value is a new bucket.)
/// </summary>
/// <param name="perSecond">Requests a second and caller; an address gets <see cref="AddressShare"/> times that.</param>
/// <param name="burst">Requests beyond that at once.</param>
/// <param name="patience">How long to hold a request rather than refuse it.</param>
internal sealed class RateGate(int perSecond, int burst, TimeSpan patience, TimeProvider time)
{
    public const int AddressShare = 10;

    /// <summary>What is opened for the price of one request. Few SealedSecrets have more items.</summary>
    public const int ItemsOfARequest = 16;

    private readonly RateLimiter callers = new(perSecond, burst, time);
    private readonly RateLimiter addresses = new(Share(perSecond), Share(burst), time);

    /// <returns><c>false</c> when the request was answered with 429.</returns>
    public async Task<bool> PassAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (caller, address) = Names(context);
        var decision = callers.Ask(caller, patience);
        if (decision.Admitted)
        {
            var whole = addresses.Ask(address, patience);
            if (!whole.Admitted || whole.Wait > decision.Wait) decision = whole;
        }
        var headers = context.Response.Headers;
        headers["X-Ratelimit-Limit"] = decision.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-Ratelimit-Remaining"] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-Ratelimit-Reset"] = Seconds(decision.Reset);
        if (decision.Admitted)
        {
            if (decision.Wait > TimeSpan.Zero) await Task.Delay(decision.Wait, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        headers.RetryAfter = Seconds(decision.Wait);
        await Answer.TextAsync(context, StatusCodes.Status429TooManyRequests, "limit exceeded", cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>
    /// An item costs a private operation, and a request may bring thousands: it is served, and its caller waits the longer for the next. Not its address, which behind the API server is
    /// everybody's: whoever invents callers is held by the turns.
    /// </summary>
    public void Charge(HttpContext context, int items)
    {
        var more = (items - 1) / ItemsOfARequest;
        if (more <= 0) return;
        callers.Charge(Names(context).Caller, more);
    }

    private static (string Caller, string Address) Names(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        return ($"{address} {LastForwarded(context.Request)}", address);
    }

    private static int Share(int value) => (int)Math.Min((long)value * AddressShare, int.MaxValue);

    private static string Seconds(TimeSpan span) => Math.Max(1, (long)Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string LastForwarded(HttpRequest request)
    {
        const int LongestAddress = 64;
        var header = request.Headers["X-Forwarded-For"];
        if (header.Count == 0 || header[^1] is not { } line) return "";
        var last = line[(line.LastIndexOf(',') + 1)..].Trim();
        return last.Length <= LongestAddress ? last : last[..LongestAddress];
    }
}
