using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Tests.Http;
using GitOpsSecrets.Providers.Webhook;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Webhook;

/// <summary>An endpoint on loopback that remembers what it was asked, and stores that call it.</summary>
internal sealed class WebhookSetUp : IAsyncDisposable
{
    private readonly ConcurrentQueue<WebhookSeen> seen = new();

    private WebhookSetUp()
    {
    }

    public LoopbackServer Server { get; private set; } = null!;

    public MemoryCluster Cluster { get; init; } = new("team-a");

    public CallLog Calls { get; } = new();

    public int Status { get; set; } = StatusCodes.Status200OK;

    public string Answer { get; set; } = "";

    public IReadOnlyList<WebhookSeen> Seen => [.. seen];

    public static async Task<WebhookSetUp> MakeAsync(string answer = "", string? callerNamespace = "team-a")
    {
        var set = new WebhookSetUp { Answer = answer, Cluster = new MemoryCluster(callerNamespace) };
        set.Server = await LoopbackServer.StartAsync(set.AnswerAsync);
        return set;
    }

    /// <summary>A store whose url is that of the endpoint and then <paramref name="path"/>.</summary>
    public Task<ISecretSource> OpenAsync(string path, Action<JsonObject>? change = null, string? @namespace = "team-a")
    {
        var options = new JsonObject { ["url"] = Server.Address.ToString().TrimEnd('/') + path };
        change?.Invoke(options);
        var kind = @namespace is null ? "ClusterSecretStore" : "SecretStore";
        var store = new StoreDescription(kind, "hook", @namespace, JsonDocument.Parse(options.ToJsonString()).RootElement);
        var provider = new WebhookProvider();
        Assert.Empty(provider.Check(store));
        var http = new ProviderHttp(new ProviderHttpOptions { RetryDelay = TimeSpan.Zero }, TimeProvider.System);
        return provider.OpenAsync(new StoreContext(store, Cluster, http, Calls, null, TimeProvider.System), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        seen.Enqueue(new WebhookSeen(context.Request.Method, target, headers, Encoding.UTF8.GetString(body.ToArray())));
        context.Response.StatusCode = Status;
        if (Status != StatusCodes.Status304NotModified) await context.Response.WriteAsync(Answer, context.RequestAborted);
    }
}
