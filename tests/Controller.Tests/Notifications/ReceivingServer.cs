using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GitOpsSecrets.Controller.Tests.Notifications;

/// <summary>A web server on loopback that keeps what it is sent.</summary>
internal sealed class ReceivingServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<(IReadOnlyDictionary<string, string> Headers, JsonObject Body)> received = Channel.CreateUnbounded<(IReadOnlyDictionary<string, string>, JsonObject)>();

    private ReceivingServer(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers to come before 200; taken one a request.</summary>
    public Queue<int> Answers { get; } = new();

    public int Requests { get; private set; }

    public static async Task<ReceivingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ReceivingServer(app);
        app.Run(server.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri(((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook?secret=in-the-address");
        return server;
    }

    public async Task<(IReadOnlyDictionary<string, string> Headers, JsonObject Body)> NextAsync() =>
        await received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(5));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Requests++;
        context.Response.StatusCode = Answers.TryDequeue(out var answer) ? answer : 200;
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        if (context.Response.StatusCode == 200) received.Writer.TryWrite((context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
    }
}
