using System.Net;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>
/// What the controller relies on with every provider when something is wrong: with a store as it is written, with its server, or with the way to it. Nothing here needs a secret that could be
/// read, so it holds for stores too that keep things of one form only.
/// </summary>
public abstract class ProviderTroubleContractTests : IAsyncLifetime
{
    protected const string Secret = "hunter2-of-the-contract";

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected ContractStand Stand { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Stand = await StandAsync();

    public async ValueTask DisposeAsync()
    {
        await Stand.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"hunter2-of-the-contract\"")]
    [InlineData("[]")]
    [InlineData("{\"data\":1,\"url\":1,\"server\":1,\"auth\":1}")]
    public async Task Options_that_make_no_sense_are_found_and_refused(string options)
    {
        var store = ContractStand.Describe(JsonNode.Parse(options)!);
        var findings = Stand.Provider.Check(store);
        Assert.NotEmpty(findings);
        Assert.DoesNotContain(findings, finding => finding.Contains(Secret, StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => Stand.OpenUncheckedAsync(store));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_can_be_written_says_so()
    {
        await using var source = await Stand.OpenAsync();
        Assert.Equal(Stand.Provider.Capability != StoreCapability.ReadOnly, source is IPush);
    }

    [Theory]
    [InlineData(400, ProviderFailureKind.Invalid)]
    [InlineData(401, ProviderFailureKind.Denied)]
    [InlineData(403, ProviderFailureKind.Denied)]
    [InlineData(429, ProviderFailureKind.Throttled)]
    [InlineData(500, ProviderFailureKind.Unavailable)]
    [InlineData(503, ProviderFailureKind.Unavailable)]
    public async Task A_failure_is_known_by_its_kind_and_repeats_nothing(int status, ProviderFailureKind expected)
    {
        var failure = await FailureAsync(context =>
        {
            context.Response.StatusCode = status;
            if (status == 429) context.Response.Headers.RetryAfter = "3600";
            return context.Response.WriteAsync(Secret);
        });
        Assert.True(expected == failure.Kind, failure.ToString());
        if (status == 429) Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
        Assert.Contains(Stand.Calls.Calls, call => !call.Succeeded);
    }

    [Fact]
    public async Task A_store_that_is_refused_says_so_of_itself_and_repeats_nothing()
    {
        if (!Stand.HasServer) Assert.Skip("there is no server behind this store");
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(
            context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return context.Response.WriteAsync(Secret);
            },
            certificate);
        await using var source = await Stand.OpenAsync(Stand.OptionsFor(server.Address, certificates.Pem));
        if (source is not IValidate validate)
        {
            Assert.Skip("this store cannot be tried");
            return;
        }

        var verdict = await validate.ValidateAsync(Stop);
        Assert.DoesNotContain(Secret, verdict.Cause ?? "", StringComparison.Ordinal);
        // Unknown is what stores say that have no request for it.
        if (verdict.Kind != StoreValidityKind.Unknown) Assert.Equal(Stand.ValidityWhenRefused, verdict.Kind);
    }

    [Theory]
    [InlineData("<html>hunter2-of-the-contract</html>")]
    [InlineData("{\"data\":\"hunter2-of-the-contract")]
    [InlineData("[\"hunter2-of-the-contract\"]")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task An_answer_that_makes_no_sense_is_invalid_and_not_quoted(string body)
    {
        if (Stand.AnyAnswerIsAValue) Assert.Skip("the body of an answer is the value, whatever it is");
        var failure = await FailureAsync(context => context.Response.WriteAsync(body));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    /// <summary>With <c>deletionPolicy: Delete</c> a missing secret deletes: somebody's error page must not.</summary>
    [Fact]
    public async Task An_error_page_of_another_server_is_no_missing_secret()
    {
        if (Stand.EveryNotFoundIsMissing) Assert.Skip("whatever answers 404 here means it");
        var failure = await FailureAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("<html>nothing here</html>");
        });
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task An_answer_without_end_is_invalid()
    {
        var failure = await FailureAsync(context => context.Response.WriteAsync(new string('x', 5000)), new ProviderHttpOptions { MaxResponseBytes = 1000, MaxRetries = 0 });
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_unavailable()
    {
        var failure = await FailureAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted), new ProviderHttpOptions { Timeout = TimeSpan.FromMilliseconds(200), MaxRetries = 0 });
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
    }

    [Fact]
    public async Task A_server_with_another_name_is_not_trusted()
    {
        if (!Stand.HasServer) Assert.Skip("there is no server behind this store");
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("other.example");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"), certificate);
        var failure = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await using var source = await Stand.OpenAsync(Stand.OptionsFor(server.Address, certificates.Pem));
            await Stand.AskAsync(source, Stop);
        });
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_server_of_an_authority_that_nobody_trusts_learns_nothing()
    {
        Needs(TroubleFact.Stranger);
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        using var certificate = strangers.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"), certificate);
        var failure = await FetchFailsAsync(Stand.OptionsFor(server.Address, certificates.Pem));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task An_answer_that_trickles_is_given_up_in_time()
    {
        Needs(TroubleFact.Trickle);
        var failure = await FailureAsync(
            async context =>
            {
                while (true)
                {
                    await context.Response.WriteAsync(" ", context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted);
                }
            },
            new ProviderHttpOptions { Timeout = TimeSpan.FromMilliseconds(300), MaxRetries = 0 });
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_to_another_host_is_not_followed(int status)
    {
        Needs(TroubleFact.Redirect);
        await using var elsewhere = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"));
        var failure = await FailureAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Address + "stolen";
            return Task.CompletedTask;
        });
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Equal(0, elsewhere.Requests);
    }

    /// <summary>A proxy that lets nobody through: that nothing arrives shows that there is no way around it.</summary>
    [Fact]
    public async Task The_way_goes_through_the_proxy_and_no_way_around_it()
    {
        Needs(TroubleFact.Proxy);
        await using var proxy = await LoopbackServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await Stand.DisposeAsync();
        Stand = await StandAsync(new ProviderHttpOptions { MaxRetries = 0, Proxy = new WebProxy(proxy.Address) });
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"), certificate);
        var failure = await FetchFailsAsync(Stand.OptionsFor(server.Address, certificates.Pem));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.True(proxy.Requests > 0);
        Assert.Equal(0, server.Requests);
    }

    private protected abstract Task<ContractStand> StandAsync(ProviderHttpOptions? http = null);

    private void Needs(TroubleFact fact)
    {
        if (Stand.Exempt.TryGetValue(fact, out var reason)) Assert.Skip(reason);
    }

    private Task<ProviderException> FetchFailsAsync(JsonObject options) => Assert.ThrowsAsync<ProviderException>(async () =>
    {
        await using var source = await Stand.OpenAsync(options);
        await Stand.AskAsync(source, Stop);
    });

    /// <summary>How a value is not got from a server that answers everything like this.</summary>
    private async Task<ProviderException> FailureAsync(RequestDelegate answer, ProviderHttpOptions? http = null)
    {
        if (!Stand.HasServer) Assert.Skip("there is no server behind this store");
        if (http is not null)
        {
            await Stand.DisposeAsync();
            Stand = await StandAsync(http);
        }

        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(answer, certificate);
        var failure = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await using var source = await Stand.OpenAsync(Stand.OptionsFor(server.Address, certificates.Pem));
            await Stand.AskAsync(source, Stop);
        });
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }
}
