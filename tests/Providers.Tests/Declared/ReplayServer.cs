using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>Plays a recorded exchange: each request must be the next one, to the letter; what differs is kept for the test to tell.</summary>
internal sealed class ReplayServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonNode> expected = new();
    private readonly ConcurrentQueue<string> differences = new();
    private readonly TestCertificates? certificates;
    private readonly ReplayedKeeper keeper;
    private LoopbackServer server = null!;

    private ReplayServer(JsonObject recording) => (certificates, keeper) = (recording["tls"] is null ? null : new TestCertificates(), new ReplayedKeeper(recording));

    public Uri Address => server.Address;

    public IReadOnlyList<string> Differences => [.. differences, .. expected.Select(step => $"was not asked: {step["request"]}")];

    /// <summary>In PEM; empty without TLS.</summary>
    public string Authority => certificates?.Pem ?? "";

    public static async Task<ReplayServer> StartAsync(JsonObject recording)
    {
        var replay = new ReplayServer(recording);
        replay.server = await (replay.certificates is { } certificates ? LoopbackServer.StartAsync(replay.AnswerAsync, certificates.Issue("127.0.0.1")) : LoopbackServer.StartAsync(replay.AnswerAsync));
        return replay;
    }

    public void Expect(JsonArray exchange)
    {
        foreach (var step in exchange) expected.Enqueue(Recordings.At(step!, Address));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificates?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var kept = new MemoryStream();
        await context.Request.Body.CopyToAsync(kept, context.RequestAborted);
        var body = kept.ToArray();
        if (!expected.TryDequeue(out var step))
        {
            differences.Enqueue($"not expected: {context.Request.Method} {Target(context)}");
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            return;
        }

        Compare(context, body, step["request"]!.AsObject());
        var answer = step["answer"]!;
        context.Response.StatusCode = answer["status"]?.GetValue<int>() ?? 200;
        foreach (var (name, value) in answer["headers"]?.AsObject() ?? []) context.Response.Headers[name] = value!.ToString();
        if (answer["message"] is not null || answer["grpc"] is not null) await ReplayedMessages.AnswerAsync(context, answer);
        else if (answer["sealed"] is { } box) await context.Response.Body.WriteAsync(keeper.Seal(box), context.RequestAborted);
        else if (answer["body"] is { } content) await context.Response.WriteAsync(content is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : content.ToJsonString(), context.RequestAborted);
    }

    private void Compare(HttpContext context, byte[] bytes, JsonObject request)
    {
        Same("the request", request["method"] + " " + request["path"], context.Request.Method + " " + Target(context));
        foreach (var (name, value) in request["headers"]?.AsObject() ?? [])
        {
            Same($"the header {name}", value?.ToString() ?? "", RecordedKeys.Read(context.Request.Headers[name].ToString()));
        }

        var body = Encoding.UTF8.GetString(bytes);
        if (request["message"] is JsonObject message) Same("the message", message, ReplayedMessages.Read(bytes, message));
        else if (request["opened"] is { } payload) Same("the payload", payload, keeper.Open(context.Request, bytes));
        else if (request["body"] is null or JsonValue) Same("the body", request["body"]?.ToString() ?? "", body);
        else if (!JsonNode.DeepEquals(request["body"], Opened(Parsed(body)))) Same("the body", request["body"]!.ToJsonString(), body);
    }

    private void Same(string what, JsonNode wanted, JsonNode? seen)
    {
        if (!JsonNode.DeepEquals(wanted, seen)) Same(what, wanted.ToJsonString(), seen?.ToJsonString() ?? "not signed");
    }

    private void Same(string what, string wanted, string seen)
    {
        if (wanted != seen) differences.Enqueue($"{what} should be\n  {wanted}\nand was\n  {seen}");
    }

    /// <summary>What is sealed is opened (<c>sealed changeme</c>), and what is signed is read.</summary>
    private static JsonNode? Opened(JsonNode? body)
    {
        if (body is not JsonObject json) return body;
        if (json["encrypted_value"] is { } box) json["encrypted_value"] = $"sealed {RecordedKeys.Open(box.ToString())}";
        if (json["jwt"] is { } token) json["jwt"] = RecordedKeys.Read(token.ToString());
        return json;
    }

    private static JsonNode? Parsed(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string Target(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
}
