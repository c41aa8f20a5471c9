using System.Net;
using System.Text;
using GitOpsSecrets.Providers.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Http;

public sealed class AddressGuardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://0xa9fea9fe/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[2002:a9fe:a9fe::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://METADATA.google.internal./")]
    public async Task Metadata_is_out_of_reach_however_it_is_written(string address)
    {
        using var client = Guarded((_, _) => throw new InvalidOperationException("nothing is to be resolved"));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(new Uri(address), Cancellation));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("link-local or metadata", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_there_is_refused_even_when_it_led_elsewhere_before()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            return context.Response.WriteAsync("fine");
        });
        var answers = new Queue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]]);
        using var client = Guarded((_, _) => Task.FromResult(answers.Dequeue()));
        var address = new UriBuilder(server.Address) { Host = "rebinds.example" }.Uri;
        using (var first = await client.GetAsync(address, Cancellation)) Assert.Equal("fine", Encoding.UTF8.GetString(first.Body().Span));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(address, Cancellation));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Empty(answers);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_redirect_does_not_get_there_either()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect("http://169.254.169.254/");
            return Task.CompletedTask;
        });
        using var client = Guarded(Dns.GetHostAddressesAsync);
        using var answer = await client.GetAsync(server.Address, Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_operator_may_allow_it(bool isAllowed)
    {
        // Through a proxy, so that the call leads somewhere when it is allowed.
        await using var proxy = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("fine"));
        var options = new ProviderHttpOptions { AllowLinkLocal = isAllowed, Proxy = new WebProxy(proxy.Address), MaxRetries = 0 };
        using var client = new ProviderHttp(options, TimeProvider.System).Create(new HttpSettings { GuardAddresses = true });
        var address = new Uri("http://169.254.169.254/");
        if (isAllowed) Assert.True((await client.GetAsync(address, Cancellation)).IsSuccessStatusCode);
        else await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(address, Cancellation));
        Assert.Equal(isAllowed ? 1 : 0, proxy.Requests);
    }

    [Fact]
    public async Task A_proxy_of_the_operator_is_not_guarded_but_what_it_is_asked_for_is()
    {
        await using var proxy = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("through"));
        // The proxy's own name leads to loopback whatever the resolver says of others.
        var http = new ProviderHttp(new ProviderHttpOptions { Proxy = new WebProxy(proxy.Address) }, TimeProvider.System) { Resolve = Dns.GetHostAddressesAsync };
        using var client = http.Create(new HttpSettings { GuardAddresses = true });
        using var answer = await client.GetAsync(new Uri("http://store.example/"), Cancellation);
        Assert.Equal("through", Encoding.UTF8.GetString(answer.Body().Span));
        await Assert.ThrowsAsync<ProviderException>(() => client.GetAsync(new Uri("http://169.254.169.254/"), Cancellation));
    }

    private static HttpClient Guarded(Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        new ProviderHttp(new ProviderHttpOptions { MaxRetries = 0 }, TimeProvider.System) { Resolve = resolve }.Create(new HttpSettings { GuardAddresses = true });
}
