using System.Net;
using GitOpsSecrets.Providers.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Http;

public sealed class HttpFailuresTests
{
    [Theory]
    [InlineData(304, ProviderFailureKind.Invalid)]
    [InlineData(400, ProviderFailureKind.Invalid)]
    [InlineData(401, ProviderFailureKind.Denied)]
    [InlineData(403, ProviderFailureKind.Denied)]
    [InlineData(407, ProviderFailureKind.Denied)]
    [InlineData(408, ProviderFailureKind.Unavailable)]
    [InlineData(409, ProviderFailureKind.Conflict)]
    [InlineData(412, ProviderFailureKind.Conflict)]
    [InlineData(418, ProviderFailureKind.Invalid)]
    [InlineData(429, ProviderFailureKind.Throttled)]
    [InlineData(500, ProviderFailureKind.Unavailable)]
    [InlineData(501, ProviderFailureKind.Invalid)]
    [InlineData(503, ProviderFailureKind.Unavailable)]
    [InlineData(599, ProviderFailureKind.Unavailable)]
    public void The_status_says_what_happens_next(int status, ProviderFailureKind expected)
    {
        using var answer = new HttpResponseMessage((HttpStatusCode)status) { ReasonPhrase = "hunter2" };
        var failure = HttpFailures.OfAnswer("endpoint", answer, TimeProvider.System);
        Assert.Equal(expected, failure.Kind);
        Assert.StartsWith($"endpoint gave error {status}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Null(failure.RetryAfter);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest?token=hunter2", "endpoint gave error 302 Found: it redirects to http://169.254.169.254, and redirects to another host are not followed")]
    [InlineData("https://user:hunter2@a.example/x", "endpoint gave error 302 Found: it redirects to https://a.example, and redirects to another host are not followed")]
    [InlineData("http://a.example/y", "endpoint gave error 302 Found")]
    [InlineData("/y", "endpoint gave error 302 Found")]
    public void A_redirect_to_another_host_says_to_which(string location, string message)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.Found) { RequestMessage = new HttpRequestMessage(HttpMethod.Get, "http://a.example/x") };
        answer.Headers.Location = new Uri(location, UriKind.RelativeOrAbsolute);
        Assert.Equal(message, HttpFailures.OfAnswer("endpoint", answer, TimeProvider.System).Message);
    }

    [Fact]
    public void A_date_to_come_back_at_is_seconds_from_now()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var answer = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter = new(time.GetUtcNow().AddSeconds(90));
        Assert.Equal(TimeSpan.FromSeconds(90), HttpFailures.OfAnswer("endpoint", answer, time).RetryAfter);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, HttpFailures.OfAnswer("endpoint", answer, time).RetryAfter);
    }
}
