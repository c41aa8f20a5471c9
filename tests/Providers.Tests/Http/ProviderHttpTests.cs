using System.Net;
using System.Text;
using GitOpsSecrets.Providers.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Http;

public sealed class ProviderHttpTests
{
    private static readonly ProviderHttpOptions AtOnce = new() { RetryDelay = TimeSpan.Zero };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_may_be_repeated_is_until_it_succeeds()
    {
        await using var server = await Failing(2, 503);
        using var client = Client(AtOnce);
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal("fine", Encoding.UTF8.GetString(answer.Body().Span));
        Assert.Equal(3, server.Requests);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task A_POST_is_repeated_only_when_it_is_marked(bool isMarked, int expected)
    {
        await using var server = await Failing(2, 503);
        using var client = Client(AtOnce);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent("body") };
        if (isMarked) request.Options.Set(ProviderRequest.MayRepeat, true);
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, server.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task What_would_fail_again_is_not_repeated(int status)
    {
        await using var server = await Failing(9, status);
        using var client = Client(AtOnce);
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public async Task A_store_says_how_often(int? retries, int expected)
    {
        await using var server = await Failing(9, 500);
        using var client = Client(AtOnce, new HttpSettings { Retry = new RetrySettings(retries, TimeSpan.Zero) });
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(expected, server.Requests);
    }

    [Fact]
    public async Task However_often_a_store_says_a_call_is_repeated_ten_times_and_each_takes_its_turn()
    {
        await using var server = await Failing(999, 500);
        var turns = 0;
        var retry = new RetrySettings(100_000, TimeSpan.FromMilliseconds(1))
        {
            Turn = _ =>
            {
                turns++;
                return Task.CompletedTask;
            },
        };
        using var client = Client(AtOnce, new HttpSettings { Retry = retry });
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal((HttpStatusCode.InternalServerError, 11, 10), (answer.StatusCode, server.Requests, turns));
    }

    [Fact]
    public async Task A_pause_that_does_not_fit_into_the_time_limit_is_not_waited()
    {
        await using var server = await Failing(9, 500);
        using var client = Client(AtOnce, new HttpSettings { Retry = new RetrySettings(2, TimeSpan.FromMinutes(20)), Timeout = TimeSpan.FromSeconds(9) });
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal((HttpStatusCode.InternalServerError, 1), (answer.StatusCode, server.Requests));
        Assert.Equal(TimeSpan.FromSeconds(10), new RetrySettings(2, TimeSpan.FromMinutes(20)).Interval);
    }

    [Fact]
    public async Task What_was_answered_before_it_was_asked_again_is_told_when_there_is_no_answer_in_time()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            if (Interlocked.Increment(ref asked) > 1) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Client(AtOnce, new HttpSettings { Timeout = TimeSpan.FromSeconds(2) });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
        Assert.EndsWith(" within 2 s, but error 500 InternalServerError", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_long_a_store_would_wait_an_answer_has_two_minutes()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = new ProviderHttp(AtOnce, time).Create(new HttpSettings { Timeout = TimeSpan.FromMinutes(10) });
        var call = client.GetAsync(server.Address, Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromMinutes(2));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => call);
        Assert.EndsWith(" within 120 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 3)]
    [InlineData("3600", 1)]
    public async Task A_short_RetryAfter_is_waited_for_and_a_long_one_is_the_callers(string wait, int expected)
    {
        await using var server = await Failing(2, 429, wait);
        using var client = Client(new ProviderHttpOptions { RetryDelay = TimeSpan.FromHours(1) });
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal(expected, server.Requests);
        if (answer.IsSuccessStatusCode) return;
        var failure = HttpFailures.OfAnswer("endpoint", answer, TimeProvider.System);
        Assert.Equal(ProviderFailureKind.Throttled, failure.Kind);
        Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
    }

    [Fact]
    public async Task A_RetryAfter_that_does_not_fit_into_the_time_limit_is_the_callers()
    {
        await using var server = await Failing(9, 429, "7");
        using var client = Client(AtOnce, new HttpSettings { Timeout = TimeSpan.FromSeconds(9) });
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal(TimeSpan.FromSeconds(7), HttpFailures.OfAnswer("endpoint", answer, TimeProvider.System).RetryAfter);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_unavailable()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = Client(AtOnce, new HttpSettings { Timeout = TimeSpan.FromMilliseconds(100) });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Contains("within 0.1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_held_to_the_same_time()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("beginning");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Client(AtOnce, new HttpSettings { Timeout = TimeSpan.FromMilliseconds(500) });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_failure_of_the_store()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = Client(AtOnce);
        using var giveUp = new CancellationTokenSource();
        var call = client.GetAsync(server.Address, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Nobody_there_is_unavailable()
    {
        var server = await Failing(0, 200);
        await server.DisposeAsync();
        using var client = Client(new ProviderHttpOptions { MaxRetries = 0 });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task An_answer_is_held_to_its_size(int length, bool fits)
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(new string('x', length)));
        using var client = Client(AtOnce with { MaxResponseBytes = 1000 });
        if (fits)
        {
            using var answer = await client.GetAsync(server.Address, Cancellation);
            Assert.Equal(length, answer.Body().Length);
            return;
        }

        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task A_redirect_is_followed_on_the_same_host_only()
    {
        await using var elsewhere = await Failing(0, 200);
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/target") return context.Response.WriteAsync("arrived");
            context.Response.Redirect(context.Request.Path == "/same" ? "/target" : elsewhere.Address + "stolen");
            return Task.CompletedTask;
        });
        using var client = Client(AtOnce);
        using var same = await client.GetAsync(new Uri(server.Address, "/same"), Cancellation);
        Assert.Equal("arrived", Encoding.UTF8.GetString(same.Body().Span));
        using var other = await client.GetAsync(new Uri(server.Address, "/other"), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, other.StatusCode);
        Assert.Equal(0, elsewhere.Requests);
        Assert.Equal(ProviderFailureKind.Invalid, HttpFailures.OfAnswer("endpoint", other, TimeProvider.System).Kind);
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect("/");
            return Task.CompletedTask;
        });
        using var client = Client(AtOnce);
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(6, server.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("other.example", true, false)]
    [InlineData("127.0.0.1", false, false)]
    public async Task A_private_authority_is_trusted_for_the_right_name_only(string name, bool isTrusted, bool succeeds)
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        using var certificate = certificates.Issue(name);
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("fine"), certificate);
        using var client = Client(AtOnce, new HttpSettings { Authorities = (isTrusted ? certificates : strangers).Authorities });
        if (succeeds)
        {
            using var answer = await client.GetAsync(server.Address, Cancellation);
            Assert.True(answer.IsSuccessStatusCode);
            return;
        }

        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Contains("cannot be trusted", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task The_systems_authorities_do_not_vouch_for_a_private_one()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("fine"), certificate);
        using var client = Client(AtOnce);
        await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(server.Address, Cancellation));
    }

    [Fact]
    public async Task A_client_certificate_is_shown_to_a_server_that_asks()
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        using var identity = certificates.Issue("our-controller");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "nobody"), certificate, asksForCertificate: true);
        using var client = Client(AtOnce, new HttpSettings { Authorities = certificates.Authorities, ClientCertificate = identity });
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal("CN=our-controller", Encoding.UTF8.GetString(answer.Body().Span));
    }

    [Fact]
    public async Task A_proxy_is_used()
    {
        await using var proxy = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("through " + context.Request.Host));
        using var client = Client(AtOnce with { Proxy = new WebProxy(proxy.Address) });
        using var answer = await client.GetAsync(new Uri("http://store.example/"), Cancellation);
        Assert.Equal("through store.example", Encoding.UTF8.GetString(answer.Body().Span));
    }

    [Fact]
    public async Task A_body_is_zeroed_with_its_answer_unless_it_was_taken()
    {
        await using var server = await Failing(0, 200);
        using var client = Client(AtOnce);
        var read = await client.GetAsync(server.Address, Cancellation);
        var body = read.Body();
        read.Dispose();
        Assert.Equal(new byte[4], body.ToArray());
        var taken = await client.GetAsync(server.Address, Cancellation);
        var mine = taken.TakeBody();
        taken.Dispose();
        Assert.Equal("fine"u8.ToArray(), mine);
    }

    internal static HttpClient Client(ProviderHttpOptions options, HttpSettings? settings = null) => new ProviderHttp(options, TimeProvider.System).Create(settings ?? new HttpSettings());

    /// <summary>Fails so many times, then is fine.</summary>
    private static Task<LoopbackServer> Failing(int times, int status, string? retryAfter = null)
    {
        var left = times;
        return LoopbackServer.StartAsync(context =>
        {
            if (Interlocked.Decrement(ref left) < 0) return context.Response.WriteAsync("fine");
            context.Response.StatusCode = status;
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return context.Response.WriteAsync("sorry");
        });
    }
}
