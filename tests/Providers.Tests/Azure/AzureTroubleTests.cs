using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>What is special to Azure; the rest is in the contract.</summary>
public sealed class AzureTroubleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/app", 429)]
    [InlineData("/token", 429)]
    public async Task Throttling_says_how_long_whoever_throttles(string path, int status)
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = await set.OpenAsync();
        set.Azure.Instead = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal)) return false;
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "90";
            await context.Response.WriteAsync("""{"error":{"code":"Throttled","message":"too many"}}""");
            return true;
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal((ProviderFailureKind.Throttled, TimeSpan.FromSeconds(90)), (failure.Kind, failure.RetryAfter));
        Assert.Equal(1, set.Azure.Seen.Count(request => request.Path.EndsWith(path, StringComparison.Ordinal)));
        // How long to wait is for the store's breaker to say: nobody else remembers it.
        set.Azure.Instead = null;
        set.Azure.PutSecret("app", "value");
        Assert.Equal("value", await source.TextAsync(new("app")));
    }

    [Theory]
    [InlineData("/secrets/app", "app", "ServicePrincipal")]
    [InlineData("/certificates/app", "cert/app", "ServicePrincipal")]
    [InlineData("/keys/app", "key/app", "ServicePrincipal")]
    [InlineData("/oauth2/v2.0/token", "app", "ServicePrincipal")]
    [InlineData("/metadata/identity/oauth2/token", "app", "ManagedIdentity")]
    public async Task What_is_repeated_is_what_is_repeated_for_all_providers(string path, string key, string authType)
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["authType"] = authType);
        set.Azure.Instead = context =>
        {
            if (context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal)) context.Response.StatusCode = 503;
            return Task.FromResult(context.Response.StatusCode == 503);
        };
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new(key)));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
        Assert.Equal(2, set.Azure.Seen.Count(request => request.Path.EndsWith(path, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_redirect_to_another_host_takes_no_token_along()
    {
        await using var set = await AzureSetUp.MakeAsync();
        using var certificates = new TestCertificates();
        await using var other = await AzureSimulator.StartAsync(set.Time, certificates);
        await using var source = await set.OpenAsync();
        set.Azure.Instead = context =>
        {
            if (context.Request.Path != "/secrets/app") return Task.FromResult(false);
            context.Response.Redirect(other.Address + "secrets/app");
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Empty(other.Seen);
    }

    [Fact]
    public async Task A_login_that_dribbles_its_answer_ends_in_time()
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.Instead = async context =>
        {
            if (context.Request.Method != "POST") return false;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        var http = set.HttpOf(new ProviderHttpOptions { Timeout = TimeSpan.FromMilliseconds(300), MaxRetries = 0 });
        await using var source = await set.OpenAsync(set.Options(), http: http);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Unavailable, failure.Kind);
    }

    [Theory]
    [InlineData("<html>hunter2</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_login_that_makes_no_sense_is_invalid_and_not_quoted(string body)
    {
        await using var set = await AzureSetUp.MakeAsync();
        set.Azure.Instead = async context =>
        {
            if (context.Request.Method == "POST") await context.Response.WriteAsync(body);
            return context.Request.Method == "POST";
        };
        await using var source = await set.OpenAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("app")));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_identity_of_the_controller_may_reach_its_metadata_server_but_a_store_may_not()
    {
        await using var set = await AzureSetUp.MakeAsync();
        await using var source = await set.OpenAsync(options => options["vaultUrl"] = "https://169.254.169.254/");
        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.FetchAsync(source.RequestFor(new("app")), Stop));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Contains("link-local", failure.Message, StringComparison.Ordinal);
    }
}
