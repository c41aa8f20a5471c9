using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Contract;

/// <summary>
/// What the controller relies on with every provider, whatever it speaks to. A new provider keeps it by a stand and an empty class that derives
/// from this one; <see cref="CatalogTests"/> sees to it that there is one.
/// </summary>
public abstract class ProviderContractTests : IAsyncLifetime
{
    private const string Secret = "hunter2-of-the-contract";
    private static readonly Dictionary<string, string> Login = new(StringComparer.Ordinal) { ["user"] = "tom", ["password"] = Secret };
    private ContractStand stand = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => stand = await StandAsync();

    public async ValueTask DisposeAsync()
    {
        await stand.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_secret_that_is_there_is_found_and_so_is_its_property()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        Assert.Equal(Secret, await source.TextAsync(new("credentials", "password")));
        Assert.Equal("tom", await source.TextAsync(new("credentials", "user")));
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_null_and_no_failure()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent")), Stop));
        Assert.Null(await source.FetchAsync(source.RequestFor(new("absent", "password")), Stop));
    }

    [Fact]
    public async Task A_property_that_is_not_there_is_told_without_a_value()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials", "nobody")), Stop);
        if (stand.MissingPropertyIsMissingSecret)
        {
            Assert.Null(secret!.Value("nobody"));
            Assert.Null(secret.Values("nobody"));
            return;
        }

        var failure = Assert.Throws<ProviderException>(() => secret!.Value("nobody"));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("nobody", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_has_every_key_and_value()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials")), Stop);
        using var values = secret!.Values(null)!;
        Assert.Equal(["password", "user"], values.Keys);
        Assert.Equal(Secret, Encoding.UTF8.GetString(values.Find("password")!));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_stay_as_they_are()
    {
        byte[] bytes = [0, 1, 0xff, 0xfe, 13, 10, 0xc3, 0x28];
        if (await stand.PutBytesAsync("picture", bytes) is not { } reference)
        {
            Assert.Skip("this store keeps text only");
            return;
        }

        await using var source = await stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(reference), Stop);
        Assert.Equal(bytes, secret!.Value(reference.Property));
    }

    [Fact]
    public async Task A_version_is_the_one_that_is_named()
    {
        if (await stand.PutVersionsAsync("credentials", "first", "second") is not { } versions)
        {
            Assert.Skip("this store knows no versions");
            return;
        }

        await using var source = await stand.OpenAsync();
        Assert.Equal("first", await source.TextAsync(versions.First));
        Assert.Equal("second", await source.TextAsync(versions.Second));
        Assert.NotEqual(source.RequestFor(versions.First), source.RequestFor(versions.Second));
    }

    [Fact]
    public async Task What_is_taken_out_is_the_takers_own_and_nothing_comes_out_after_disposal()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        var secret = (await source.FetchAsync(source.RequestFor(new("credentials", "password")), Stop))!;
        var first = secret.Value("password")!;
        Array.Clear(first);
        Assert.Equal(Secret, Encoding.UTF8.GetString(secret.Value("password")!));
        Assert.True(secret.Size >= Secret.Length);
        secret.Dispose();
        // Zeroes in place of a value would be written into somebody's Secret.
        Assert.Throws<ObjectDisposedException>(() => secret.Value("password"));
        Assert.Throws<ObjectDisposedException>(() => secret.Values(null));
    }

    [Fact]
    public async Task No_answer_says_aloud_what_it_holds()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials")), Stop);
        Assert.DoesNotContain(Secret, secret!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, source.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(stand.Calls.Calls, call => call.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_may_ask_at_once()
    {
        for (var i = 0; i < 4; i++) await stand.PutAsync($"credentials{i}", new Dictionary<string, string>(StringComparer.Ordinal) { ["password"] = $"value-{i}" });
        await using var source = await stand.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => source.TextAsync(new($"credentials{i % 4}", "password"))));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"value-{i % 4}"), answers);
    }

    [Fact]
    public async Task A_caller_that_has_given_up_gets_no_answer()
    {
        await stand.PutAsync("credentials", Login);
        await using var source = await stand.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.FetchAsync(source.RequestFor(new("credentials")), new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"hunter2-of-the-contract\"")]
    [InlineData("[]")]
    [InlineData("{\"data\":1,\"url\":1,\"server\":1,\"auth\":1}")]
    public async Task Options_that_make_no_sense_are_found_and_refused(string options)
    {
        var store = ContractStand.Describe(JsonNode.Parse(options)!);
        var findings = stand.Provider.Check(store);
        Assert.NotEmpty(findings);
        Assert.DoesNotContain(findings, finding => finding.Contains(Secret, StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => stand.OpenUncheckedAsync(store));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_can_be_written_says_so()
    {
        await using var source = await stand.OpenAsync();
        Assert.Equal(stand.Provider.Capability != StoreCapability.ReadOnly, source is IPush);
    }

    [Fact]
    public async Task What_is_pushed_is_there_until_it_is_deleted()
    {
        await using var source = await stand.OpenAsync();
        if (source is not IPush push)
        {
            Assert.Skip("this store is read only");
            return;
        }

        var (place, reference) = stand.Pushed("pushed");
        Assert.False(await push.ExistsAsync(place, Stop));
        await push.DeleteAsync(place, Stop);
        foreach (var value in (string[])["first", "first", "second"])
        {
            using var item = new SecretValues();
            item.Set("item", Encoding.UTF8.GetBytes(value));
            await push.PushAsync(new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), stand.PushMetadata), Stop);
            // The source Secret stays the caller's.
            Assert.Equal(value, Encoding.UTF8.GetString(item.Find("item")!));
            Assert.True(await push.ExistsAsync(place, Stop));
            Assert.Equal(value, await source.TextAsync(reference));
        }

        await push.DeleteAsync(place, Stop);
        Assert.False(await push.ExistsAsync(place, Stop));
        Assert.Null(await source.FetchAsync(source.RequestFor(reference), Stop));
        await push.DeleteAsync(place, Stop);
    }

    [Fact]
    public async Task An_item_that_the_source_Secret_does_not_have_is_not_pushed()
    {
        await using var source = await stand.OpenAsync();
        if (source is not IPush push)
        {
            Assert.Skip("this store is read only");
            return;
        }

        var (place, _) = stand.Pushed("pushed");
        using var item = new SecretValues();
        item.Set("other", Encoding.UTF8.GetBytes(Secret));
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            push.PushAsync(new PushRequest(place, item, "item", "Opaque", new Dictionary<string, string>(), new Dictionary<string, string>(), stand.PushMetadata), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        Assert.False(await push.ExistsAsync(place, Stop));
    }

    [Fact]
    public async Task A_search_by_name_finds_what_matches_somewhere()
    {
        foreach (var key in (string[])["team-one", "team-two", "other"]) await stand.PutAsync(key, Login);
        await using var source = await stand.OpenAsync();
        if (source is not IFind find)
        {
            Assert.Skip("this store cannot be searched");
            return;
        }

        using var found = await find.FindAsync(new FindRequest(null, "eam-(one|two)$", new Dictionary<string, string>()), Stop);
        Assert.Equal(["team-one", "team-two"], found!.Keys);
        Assert.Contains(Secret, Encoding.UTF8.GetString(found.Find("team-one")!), StringComparison.Ordinal);
        using var none = await find.FindAsync(new FindRequest(null, "^nothing$", new Dictionary<string, string>()), Stop);
        Assert.True(none is null or { Count: 0 });
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
        Assert.Equal(expected, failure.Kind);
        if (status == 429) Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
        Assert.Contains(stand.Calls.Calls, call => !call.Succeeded);
    }

    [Theory]
    [InlineData("<html>hunter2-of-the-contract</html>")]
    [InlineData("{\"data\":\"hunter2-of-the-contract")]
    [InlineData("[\"hunter2-of-the-contract\"]")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task An_answer_that_makes_no_sense_is_invalid_and_not_quoted(string body)
    {
        var failure = await FailureAsync(context => context.Response.WriteAsync(body));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    /// <summary>With <c>deletionPolicy: Delete</c> a missing secret deletes: somebody's error page must not.</summary>
    [Fact]
    public async Task An_error_page_of_another_server_is_no_missing_secret()
    {
        if (stand.EveryNotFoundIsMissing) Assert.Skip("whatever answers 404 here means it");
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
        if (!stand.HasServer) Assert.Skip("there is no server behind this store");
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("other.example");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"), certificate);
        var failure = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await using var source = await stand.OpenAsync(stand.OptionsFor(server.Address, certificates.Pem));
            await source.FetchAsync(source.RequestFor(new("credentials", "password")), Stop);
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
        var failure = await FetchFailsAsync(stand.OptionsFor(server.Address, certificates.Pem));
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
        await stand.DisposeAsync();
        stand = await StandAsync(new ProviderHttpOptions { MaxRetries = 0, Proxy = new WebProxy(proxy.Address) });
        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"), certificate);
        var failure = await FetchFailsAsync(stand.OptionsFor(server.Address, certificates.Pem));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.True(proxy.Requests > 0);
        Assert.Equal(0, server.Requests);
    }

    private protected abstract Task<ContractStand> StandAsync(ProviderHttpOptions? http = null);

    private void Needs(TroubleFact fact)
    {
        if (stand.Exempt.TryGetValue(fact, out var reason)) Assert.Skip(reason);
    }

    private Task<ProviderException> FetchFailsAsync(JsonObject options) => Assert.ThrowsAsync<ProviderException>(async () =>
    {
        await using var source = await stand.OpenAsync(options);
        using var secret = await source.FetchAsync(source.RequestFor(new("credentials", "password")), Stop);
    });

    /// <summary>How a value is not got from a server that answers everything like this.</summary>
    private async Task<ProviderException> FailureAsync(RequestDelegate answer, ProviderHttpOptions? http = null)
    {
        if (!stand.HasServer) Assert.Skip("there is no server behind this store");
        if (http is not null)
        {
            await stand.DisposeAsync();
            stand = await StandAsync(http);
        }

        using var certificates = new TestCertificates();
        using var certificate = certificates.Issue("127.0.0.1");
        await using var server = await LoopbackServer.StartAsync(answer, certificate);
        var failure = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await using var source = await stand.OpenAsync(stand.OptionsFor(server.Address, certificates.Pem));
            using var secret = await source.FetchAsync(source.RequestFor(new("credentials", "password")), Stop);
            secret?.Value("password");
        });
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }
}
