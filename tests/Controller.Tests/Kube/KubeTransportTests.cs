using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Controller.Kube;
using GitOpsSecrets.Controller.Runtime;
using GitOpsSecrets.Controller.Tests.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace GitOpsSecrets.Controller.Tests.Kube;

public sealed class KubeTransportTests
{
    private static readonly KubeKind<JsonObject> ConfigMaps = KubeKind.Untyped(new KubeResource("", "v1", "configmaps"));
    private static readonly NamespacedName Key = new("team", "a");

    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_is_left_alone_for_as_long_as_it_asks()
    {
        var refusals = 2;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "7";
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("{}", Cancel);
        });
        var options = new KubeTransportOptions { QueriesPerSecond = -1, Timeout = TimeSpan.FromDays(1) }; // or the passing time would end a slow request
        var answer = server.Client(time, options).GetAsync(ConfigMaps, Key, Cancel);
        for (var sent = 1; sent <= 2; sent++)
        {
            await Eventually.TrueAsync(() => server.Requests.Count == sent);
            await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromMilliseconds(100), () => server.Requests.Count == sent + 1);
        }

        await answer;
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(14));
    }

    [Fact]
    public async Task A_refusal_names_what_was_asked_for_and_the_fields_with_their_reasons_but_no_words()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith("/status", StringComparison.Ordinal) ? 403 : 422;
            return context.Response.WriteAsync("""
                {"kind":"Status","reason":"Forbidden","message":"hunter2","details":{"causes":[
                  {"field":"data","reason":"FieldValueTooLong","message":"hunter2"},{"field":"type","reason":"FieldValueInvalid"},{"field":"spec","reason":"hunter 2"}]}}
                """, Cancel);
        });
        var client = server.Client(time, new KubeTransportOptions { QueriesPerSecond = -1 });
        var item = new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "team", ["name"] = "a" } };
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => client.UpdateAsync(ConfigMaps, item, Cancel));
        Assert.Equal(["data (FieldValueTooLong)", "type", "spec"], refused.Fields);
        refused = await Assert.ThrowsAsync<KubeApiException>(() => client.UpdateStatusAsync(ConfigMaps, item, Cancel));
        Assert.Equal("API server: 403 Forbidden to update the status of configmaps", KubeFailure.Describe(refused));
        Assert.False(refused.IsNamespaceEnding);
    }

    [Fact]
    public async Task Who_creates_in_a_namespace_that_is_being_deleted_is_overtaken()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("""
                {"kind":"Status","status":"Failure","reason":"Forbidden","code":403,"message":"configmaps \"a\" is forbidden: unable to create new content in namespace team because it is being terminated",
                 "details":{"name":"a","kind":"configmaps","causes":[{"reason":"NamespaceTerminating","message":"namespace team is being terminated","field":"metadata.namespace"}]}}
                """, Cancel);
        });
        var item = new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "team", ["name"] = "a" } };
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => server.Client(time, new KubeTransportOptions { QueriesPerSecond = -1 }).CreateAsync(ConfigMaps, item, Cancel));
        Assert.True(refused.IsNamespaceEnding);
        Assert.True(refused.IsOvertaken);
    }

    [Fact]
    public async Task A_server_that_always_defers_is_given_up()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        });
        var options = new KubeTransportOptions { QueriesPerSecond = -1, Attempts = 4 };
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => server.Client(time, options).GetAsync(ConfigMaps, Key, Cancel));
        Assert.Equal((503, 4, TimeSpan.Zero), (exception.Code, server.Requests.Count, exception.RetryAfter));
    }

    [Fact]
    public async Task A_deferral_too_long_to_wait_for_fails_and_says_how_long()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => server.Client(time).GetAsync(ConfigMaps, Key, Cancel));
        Assert.Equal((TimeSpan.FromHours(1), 1), (exception.RetryAfter, server.Requests.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Bad Gateway</html>")]
    [InlineData("""{"kind":"Status"}""")]
    [InlineData("null")]
    public async Task A_refusal_without_a_status_gets_its_reason_from_the_code(string body)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 502;
            return context.Response.WriteAsync(body, Cancel);
        });
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => server.Client(time).GetAsync(ConfigMaps, Key, Cancel));
        Assert.Equal((502, "BadGateway", "the API server answered 502 BadGateway"), (exception.Code, exception.Reason, exception.Message));
    }

    [Fact]
    public async Task A_long_message_of_the_server_is_cut()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 422;
            return context.Response.WriteAsync(new JsonObject { ["message"] = new string('x', 5000), ["reason"] = "Invalid" }.ToJsonString(), Cancel);
        });
        var exception = await Assert.ThrowsAsync<KubeApiException>(() => server.Client(time).GetAsync(ConfigMaps, Key, Cancel));
        Assert.Equal(KubeApiException.LongestMessage, exception.Message.Length);
    }

    [Theory]
    [InlineData("{\"data\":{\"password\":\"in confidence")]
    [InlineData("[\"in confidence\"]")]
    [InlineData("null")]
    public async Task An_answer_that_cannot_be_read_is_a_transport_failure_that_does_not_quote_it(string body)
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync(body, Cancel));
        var exception = await Assert.ThrowsAsync<KubeTransportException>(() => server.Client(time).GetAsync(ConfigMaps, Key, Cancel));
        Assert.DoesNotContain("confidence", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_a_transport_failure()
    {
        await using var server = await ScriptedServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var answer = server.Client(time).GetAsync(ConfigMaps, Key, Cancel);
        await Eventually.TrueAsync(() => server.Requests.Count == 1);
        time.Advance(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<KubeTransportException>(() => answer);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_a_transport_failure()
    {
        var begun = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("{\"a\":"), Cancel);
            await context.Response.Body.FlushAsync(Cancel);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var answer = server.Client(time).GetAsync(ConfigMaps, Key, Cancel);
        await begun.Task;
        await Eventually.TrueAsTimePassesAsync(time, TimeSpan.FromSeconds(60), () => answer.IsCompleted);
        await Assert.ThrowsAsync<KubeTransportException>(() => answer);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = await ScriptedServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var answer = server.Client(time).GetAsync(ConfigMaps, Key, cancel.Token);
        await Eventually.TrueAsync(() => server.Requests.Count == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task Requests_beyond_the_rate_wait_their_turn()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel));
        var client = server.Client(time, new KubeTransportOptions { QueriesPerSecond = 1, Burst = 2 });
        await client.GetAsync(ConfigMaps, Key, Cancel);
        await client.GetAsync(ConfigMaps, Key, Cancel);
        var third = client.GetAsync(ConfigMaps, Key, Cancel);
        Assert.Equal(2, server.Requests.Count);

        time.Advance(TimeSpan.FromSeconds(1));
        await third;
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_name_that_would_address_another_path_is_never_sent(string name)
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Client(time).GetAsync(ConfigMaps, new NamespacedName("team", name), Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Client(time).GetAsync(ConfigMaps, new NamespacedName("", "a"), Cancel));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Names_are_escaped_in_paths()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Response.WriteAsync("{}", Cancel));
        await server.Client(time).GetAsync(ConfigMaps, new NamespacedName("team", "a?b=c"), Cancel);
        Assert.Equal(["GET /api/v1/namespaces/team/configmaps/a?b=c"], server.Requests.Select(Uri.UnescapeDataString));
        Assert.DoesNotContain("?b", server.Requests.Single().Replace("%3Fb", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
