using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>A provider that answers with what nobody wants: the Secret stays, the condition says what came, and nothing of it is repeated anywhere.</summary>
public sealed class EndpointTroubleTests
{
    private const string Marker = "s3cr3t-in-the-answer";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("late", "")]
    [InlineData("garbage", "JSON")]
    [InlineData("html", "JSON")]
    [InlineData("500", "500")]
    [InlineData("429", "429")]
    [InlineData("huge", "larger than")]
    [InlineData("empty", "JSON")]
    [InlineData("cut", "")]
    public async Task The_last_good_Secret_stays_and_the_condition_says_what_came(string trouble, string told)
    {
        await using var stage = await ExternalStage.SetAsync();
        stage.UsesRealProviders = true;
        var behaviour = "good";
        await using var endpoint = await StartAsync(context => AnswerAsync(context, Volatile.Read(ref behaviour)));
        await stage.StartAsync();
        await stage.ApplyAsync($$$"""
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: store}
            spec:
              provider:
                webhook:
                  url: "{{{endpoint.Address}}}"
                  timeout: 2s
                  result: {jsonPath: $.value}
            """);
        await stage.ExternalAsync("db", ("a", "k"));
        await stage.SecretAsync("db", "a", "good");
        await stage.ReadyAsync("db", "True");
        Volatile.Write(ref behaviour, trouble);
        await stage.PatchAsync("db", """{"metadata":{"annotations":{"external-secrets.io/force-sync":"1"}}}""");
        var message = (await stage.ReadyAsync("db", "False", told)).Status!.Conditions![0].Message;
        Assert.StartsWith("could not get secret data from provider: error processing spec.data[0] (key: k), err: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, message, StringComparison.Ordinal);
        await stage.SecretAsync("db", "a", "good");
        Assert.DoesNotContain(Marker, stage.Log.ToString(), StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(HttpContext context, string behaviour)
    {
        switch (behaviour)
        {
            case "good": await context.Response.WriteAsync("""{"value":"good"}"""); break;
            case "late": await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted); break;
            case "garbage": await context.Response.WriteAsync("\u0001{]" + Marker); break;
            case "html": await context.Response.WriteAsync($"<!doctype html><title>{Marker}</title>"); break;
            case "empty": break;
            case "cut":
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"value\":\"" + Marker);
                context.Abort();
                break;
            case "huge":
                var block = new byte[1024 * 1024];
                Array.Fill(block, (byte)'x');
                for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(block, context.RequestAborted);
                break;
            default:
                context.Response.StatusCode = int.Parse(behaviour, System.Globalization.CultureInfo.InvariantCulture);
                await context.Response.WriteAsync(Marker);
                break;
        }
    }

    private static async Task<Endpoint> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            try
            {
                await answer(context);
            }
            catch (OperationCanceledException)
            {
                // The caller has gone, as it should.
            }
        });
        await app.StartAsync(Ending);
        return new Endpoint(app, ((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    private sealed record Endpoint(WebApplication App, string Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
