using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Vault;

/// <summary>
/// What the documented HTTP API of Vault does, over TLS: KV version 1 at <c>kv1/</c> and version 2 at <c>secret/</c> and <c>kv/</c>, logins, the life of tokens.
/// Each behaviour cites the page it is from (https://developer.hashicorp.com/vault/api-docs/…). A real one, where there is one, is tried by <c>VaultServerTests</c>.
/// </summary>
internal sealed class VaultSimulator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, VaultSimulatedSecret> secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset?> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonObject?> logins = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<VaultSeen> seen = new();
    private readonly TimeProvider time;
    private LoopbackServer? server;
    private int issued;

    private VaultSimulator(TimeProvider time) => this.time = time;

    public Uri Address => server!.Address;

    public IReadOnlyList<VaultSeen> Seen => [.. seen];

    public int Logins => seen.Count(request => request.Path.Contains("/login", StringComparison.Ordinal));

    /// <summary>The <c>lease_duration</c> of tokens that logins give; zero for ever.</summary>
    public int LeaseSeconds { get; set; } = 3600;

    public bool RefusesRenewal { get; set; }

    /// <summary>Answers every request with this in place of what it asks for, when set.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<VaultSimulator> StartAsync(TimeProvider time, TestCertificates certificates, bool asksForCertificate = false)
    {
        var simulator = new VaultSimulator(time);
        simulator.server = await LoopbackServer.StartAsync(simulator.HandleAsync, certificates.Issue("127.0.0.1"), asksForCertificate);
        return simulator;
    }

    /// <summary>Accepts a login at this path when its body has exactly these fields; null accepts whatever comes.</summary>
    public void Accept(string path, JsonObject? body) => logins[path] = body;

    public void AddToken(string token) => tokens[token] = null;

    public void ForgetTokens() => tokens.Clear();

    public void Put(string path, string json) => SecretAt(path).Add((JsonObject)JsonNode.Parse(json)!);

    public void SoftDelete(string path) => SecretAt(path).DeleteNewest();

    public void Describe(string path, string customMetadata) => SecretAt(path).Custom = (JsonObject)JsonNode.Parse(customMetadata)!;

    public JsonObject? Read(string path) => secrets.TryGetValue(path, out var secret) ? secret.Newest : null;

    public JsonObject? Custom(string path) => secrets.TryGetValue(path, out var secret) ? secret.Custom : null;

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }

    private VaultSimulatedSecret SecretAt(string path) => secrets.GetOrAdd(path, _ => new VaultSimulatedSecret());

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!["/v1/".Length..];
        var body = context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body) : null;
        seen.Enqueue(new(context.Request.Method, path, Header(context, "X-Vault-Token"), Header(context, "X-Vault-Namespace"), Header(context, "X-Vault-Index"), Header(context, "X-Vault-Inconsistent"), body as JsonObject));
        if (Instead is not null && await Instead(context)) return;
        if (path.Contains("/login", StringComparison.Ordinal)) await LogInAsync(context, path, body as JsonObject);
        else if (!IsAlive(Header(context, "X-Vault-Token"))) await RefuseAsync(context, 403, "permission denied");
        else if (path.StartsWith("auth/token/", StringComparison.Ordinal)) await TokenAsync(context, path);
        else await KeyValueAsync(context, path, body as JsonObject);
    }

    private bool IsAlive(string? token) => token is not null && tokens.TryGetValue(token, out var end) && (end is null || time.GetUtcNow() < end);

    private async Task LogInAsync(HttpContext context, string path, JsonObject? body)
    {
        if (!logins.TryGetValue(path, out var expected) || (expected is not null && !JsonNode.DeepEquals(expected, body))) await RefuseAsync(context, 400, "invalid role or secret ID");
        else await AnswerTokenAsync(context, string.Create(CultureInfo.InvariantCulture, $"hvs.{Interlocked.Increment(ref issued)}"));
    }

    private Task AnswerTokenAsync(HttpContext context, string token)
    {
        tokens[token] = LeaseSeconds == 0 ? null : time.GetUtcNow().AddSeconds(LeaseSeconds);
        return AnswerAsync(context, new JsonObject { ["auth"] = new JsonObject { ["client_token"] = token, ["lease_duration"] = LeaseSeconds, ["renewable"] = true, ["token_type"] = "service" } });
    }

    // api-docs/auth/token
    private async Task TokenAsync(HttpContext context, string path)
    {
        var token = Header(context, "X-Vault-Token")!;
        switch (path)
        {
            case "auth/token/renew-self" when RefusesRenewal:
                await RefuseAsync(context, 400, "lease is not renewable");
                break;
            case "auth/token/renew-self":
                await AnswerTokenAsync(context, token);
                break;
            case "auth/token/revoke-self":
                tokens.TryRemove(token, out _);
                context.Response.StatusCode = 204;
                break;
            default:
                await AnswerAsync(context, new JsonObject { ["data"] = new JsonObject { ["id"] = token, ["ttl"] = LeaseSeconds } });
                break;
        }
    }

    // api-docs/secret/kv/kv-v1 and kv-v2
    private Task KeyValueAsync(HttpContext context, string path, JsonObject? body)
    {
        var mount = path.Split('/')[0];
        var isVersioned = mount is "secret" or "kv";
        var isMetadata = path.StartsWith(mount + "/metadata", StringComparison.Ordinal);
        var kind = !isVersioned ? "" : isMetadata ? "/metadata" : "/data";
        var place = path.StartsWith(mount + kind, StringComparison.Ordinal) ? mount + path[(mount.Length + kind.Length)..] : path;
        return (context.Request.Method, context.Request.Query["list"] == "true") switch
        {
            ("GET", true) => ListAsync(context, place),
            ("GET", _) when isMetadata => MetadataAsync(context, place),
            ("GET", _) => ValueAsync(context, place, isVersioned),
            ("POST", _) when isMetadata => DescribeAsync(context, place, body!),
            ("POST", _) => WriteAsync(context, place, isVersioned, body!),
            _ => RemoveAsync(context, place, isMetadata || !isVersioned),
        };
    }

    private Task ListAsync(HttpContext context, string folder)
    {
        var prefix = folder.EndsWith('/') ? folder : folder + "/";
        var names = secrets.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..])
            .Select(rest => rest.Contains('/', StringComparison.Ordinal) ? rest[..(rest.IndexOf('/', StringComparison.Ordinal) + 1)] : rest).Distinct().Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? RefuseAsync(context, 404) : AnswerAsync(context, new JsonObject { ["data"] = new JsonObject { ["keys"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) } });
    }

    private Task MetadataAsync(HttpContext context, string place)
        => secrets.TryGetValue(place, out var secret)
            ? AnswerAsync(context, new JsonObject { ["data"] = secret.Metadata() })
            : RefuseAsync(context, 404);

    private Task ValueAsync(HttpContext context, string place, bool isVersioned)
    {
        // One that was described only has no version yet.
        if (!secrets.TryGetValue(place, out var secret) || secret.Count == 0) return RefuseAsync(context, 404);
        if (!isVersioned) return AnswerAsync(context, new JsonObject { ["data"] = secret.Newest!.DeepClone() });
        var version = int.TryParse(context.Request.Query["version"], CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : secret.Count;
        if (version > secret.Count) return RefuseAsync(context, 404);
        var values = secret.Version(version);
        // A deleted version answers 404, and says so in a body of the usual form.
        if (values is null) context.Response.StatusCode = 404;
        return AnswerAsync(context, new JsonObject { ["data"] = new JsonObject { ["data"] = values?.DeepClone(), ["metadata"] = new JsonObject { ["version"] = version } } });
    }

    private Task DescribeAsync(HttpContext context, string place, JsonObject body)
    {
        SecretAt(place).Custom = (JsonObject)body["custom_metadata"]!.DeepClone();
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task WriteAsync(HttpContext context, string place, bool isVersioned, JsonObject body)
    {
        var secret = SecretAt(place);
        if (body["options"]?["cas"]?.GetValue<int>() is { } cas && cas != secret.Count) return RefuseAsync(context, 400, "check-and-set parameter did not match the current version");
        secret.Add((JsonObject)(isVersioned ? body["data"]! : body).DeepClone());
        context.Response.Headers["X-Vault-Index"] = "index-after-write";
        return AnswerAsync(context, new JsonObject { ["data"] = new JsonObject { ["version"] = secret.Count } });
    }

    private Task RemoveAsync(HttpContext context, string place, bool isWhole)
    {
        if (isWhole) secrets.TryRemove(place, out _);
        else if (secrets.TryGetValue(place, out var secret)) secret.DeleteNewest();
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static string? Header(HttpContext context, string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    private static Task RefuseAsync(HttpContext context, int status, params string[] errors)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode)error)]) });
    }

    private static Task AnswerAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
