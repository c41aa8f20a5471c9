using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Declared;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>How often a store of a definition logs in: no more often than it must.</summary>
public sealed class DeclaredLoginTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly HashSet<string> dead = [];
    private LoopbackServer server = null!;
    private int logins;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await LoopbackServer.StartAsync(AnswerAsync);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task One_login_serves_all_who_ask_until_shortly_before_its_end()
    {
        await using var source = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.TextAsync(new("db"))));
        Assert.Equal(1, logins);
        time.Advance(TimeSpan.FromSeconds(3539));
        Assert.Equal("changeme", await source.TextAsync(new("db")));
        Assert.Equal(1, logins);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("changeme", await source.TextAsync(new("db")));
        Assert.Equal(2, logins);
    }

    [Fact]
    public async Task A_token_that_the_store_forgot_is_replaced_by_one_login_for_all()
    {
        await using var source = await OpenAsync();
        await source.TextAsync(new("db"));
        lock (dead) dead.Add("Bearer token-1");
        var values = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.TextAsync(new("db"))));
        Assert.All(values, value => Assert.Equal("changeme", value));
        Assert.Equal(2, logins);
    }

    [Fact]
    public async Task A_store_that_never_takes_its_own_tokens_is_denied_after_one_more_try()
    {
        await using var source = await OpenAsync();
        lock (dead)
        {
            for (var number = 1; number < 10; number++) dead.Add($"Bearer token-{number}");
        }

        var failure = await Assert.ThrowsAsync<ProviderException>(() => source.TextAsync(new("db")));
        Assert.Equal(ProviderFailureKind.Denied, failure.Kind);
        Assert.Equal(2, logins);
    }

    private async Task<ISecretSource> OpenAsync()
    {
        var options = new JsonObject
        {
            ["tenant"] = "acme",
            ["clientId"] = new JsonObject { ["value"] = "id" },
            ["clientSecret"] = new JsonObject { ["value"] = "secret" },
        };
        var provider = new DeclaredProvider(RecordedStore.DefinitionOf("delinea"), _ => server.Address.ToString());
        return await provider.OpenAsync(RecordedStore.Context(options, new MemoryCluster("team-a"), time), Stop);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method == "POST")
        {
            await context.Response.WriteAsync($$"""{"accessToken":"token-{{Interlocked.Increment(ref logins)}}","expiresIn":3600}""");
            return;
        }

        lock (dead)
        {
            if (dead.Contains(context.Request.Headers.Authorization.ToString())) context.Response.StatusCode = 401;
        }

        await context.Response.WriteAsync("""{"data":"changeme"}""");
    }
}
