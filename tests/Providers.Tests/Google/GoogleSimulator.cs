using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>
/// What Google documents of Secret Manager (https://cloud.google.com/secret-manager/docs/reference/rest) and of its token endpoints, over TLS; the metadata
/// server, which has none, on the same port. No Google can be had where these tests run.
/// </summary>
internal sealed class GoogleSimulator : IAsyncDisposable
{
    public const int PageSize = 2;
    private readonly ConcurrentDictionary<string, GoogleSimulatedSecret> secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<GoogleSeen> seen = new();
    private LoopbackServer? server;
    private LoopbackServer? metadata;
    private int issued;

    public Uri Address => server!.Address;

    public string MetadataHost => metadata!.Address.Authority;

    public IReadOnlyList<GoogleSeen> Seen => [.. seen];

    public IReadOnlyList<GoogleSeen> To(string path) => [.. seen.Where(request => request.Path.Contains(path, StringComparison.Ordinal))];

    /// <summary>The form of the last token request must satisfy this.</summary>
    public Func<IReadOnlyDictionary<string, string>, bool> Accepts { get; set; } = _ => true;

    public int LifetimeSeconds { get; set; } = 3600;

    /// <summary>The names of secrets that there are.</summary>
    public IEnumerable<string> Names => secrets.Keys.Order(StringComparer.Ordinal);

    public static async Task<GoogleSimulator> StartAsync(TestCertificates certificates)
    {
        var simulator = new GoogleSimulator();
        simulator.server = await LoopbackServer.StartAsync(simulator.HandleAsync, certificates.Issue("127.0.0.1"));
        simulator.metadata = await LoopbackServer.StartAsync(simulator.HandleAsync);
        return simulator;
    }

    public GoogleSimulatedSecret Secret(string name) => secrets.GetOrAdd(name, created => new GoogleSimulatedSecret(created));

    public GoogleSimulatedSecret? Find(string name) => secrets.GetValueOrDefault(name);

    public void ForgetTokens() => tokens.Clear();

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        if (metadata is not null) await metadata.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var path = context.Request.Path.Value!;
        var bearer = context.Request.Headers.Authorization.ToString();
        seen.Enqueue(new(context.Request.Method, path, context.Request.QueryString.Value ?? "", bearer, body));
        if (path.StartsWith("/computeMetadata/", StringComparison.Ordinal)) await MetadataAsync(context, path);
        else if (path is "/token" or "/v1/token") await TokenAsync(context, Form(body));
        else if (path == "/v1/identitybindingtoken") await TokenAsync(context, JsonNode.Parse(body)!.AsObject().ToDictionary(field => field.Key, field => (string)field.Value!, StringComparer.Ordinal));
        else if (!bearer.StartsWith("Bearer ", StringComparison.Ordinal) || !tokens.ContainsKey(bearer["Bearer ".Length..])) await RefuseAsync(context, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
        else if (path.EndsWith(":signJwt", StringComparison.Ordinal)) await AnswerAsync(context, new JsonObject { ["signedJwt"] = "signed " + (string)JsonNode.Parse(body)!["payload"]! });
        else if (path.EndsWith(":generateAccessToken", StringComparison.Ordinal)) await ImpersonateAsync(context, path);
        else await SecretManagerAsync(context, path["/v1/".Length..], body);
    }

    private async Task MetadataAsync(HttpContext context, string path)
    {
        if (context.Request.Headers["Metadata-Flavor"] != "Google") context.Response.StatusCode = 403;
        else if (path.EndsWith("/token", StringComparison.Ordinal)) await TokenAsync(context, new Dictionary<string, string>());
        else await context.Response.WriteAsync(path.Split('/')[^1] switch { "project-id" => "machine-project", "cluster-name" => "machine-cluster", "cluster-location" => "machine-region", "identity" => "identity for " + context.Request.Query["audience"], _ => "" });
    }

    private Task TokenAsync(HttpContext context, IReadOnlyDictionary<string, string> fields)
    {
        if (!Accepts(fields))
        {
            context.Response.StatusCode = 400;
            return AnswerAsync(context, new JsonObject { ["error"] = "invalid_grant", ["error_description"] = "Invalid JWT Signature." });
        }
        return AnswerAsync(context, new JsonObject { ["access_token"] = Issue(), ["expires_in"] = LifetimeSeconds, ["token_type"] = "Bearer" });
    }

    private Task ImpersonateAsync(HttpContext context, string path)
    {
        var token = Issue(path.Split('/')[^1].Split(':')[0]);
        return AnswerAsync(context, new JsonObject { ["accessToken"] = token, ["expireTime"] = "2026-01-01T01:00:00Z" });
    }

    private string Issue(string whose = "token")
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"ya29.{whose}.{Interlocked.Increment(ref issued)}");
        tokens[token] = true;
        return token;
    }

    private Task SecretManagerAsync(HttpContext context, string path, string body)
    {
        var (name, action) = path.Split(':') is [var plain, var custom] ? (plain, custom) : (path, "");
        var isVersion = name.Contains("/versions", StringComparison.Ordinal);
        var secret = name.Split("/versions")[0];
        return (context.Request.Method, action) switch
        {
            ("GET", "access") => AccessAsync(context, secret, name.Split('/')[^1]),
            ("POST", "addVersion") => AddAsync(context, secret, JsonNode.Parse(body)!),
            ("GET", "") when isVersion => VersionsAsync(context, secret),
            ("GET", "") when name.EndsWith("/secrets", StringComparison.Ordinal) => ListAsync(context, name),
            ("POST", "") => CreateAsync(context, $"{name}/{context.Request.Query["secretId"]}", JsonNode.Parse(body)!.AsObject()),
            _ when !secrets.TryGetValue(secret, out _) => MissingAsync(context, secret),
            ("GET", _) => AnswerAsync(context, secrets[secret].Describe()),
            ("PATCH", _) => UpdateAsync(context, secrets[secret], JsonNode.Parse(body)!.AsObject()),
            _ => RemoveAsync(context, secret),
        };
    }

    private Task AccessAsync(HttpContext context, string name, string version)
    {
        if (!secrets.TryGetValue(name, out var secret) || secret.Find(version) is not { } found) return MissingAsync(context, $"{name}/versions/{version}");
        return found.State != "ENABLED"
            ? RefuseAsync(context, 400, "FAILED_PRECONDITION", $"Secret Version [{name}/versions/{version}] is in {found.State} state.")
            : AnswerAsync(context, new JsonObject { ["name"] = name, ["payload"] = new JsonObject { ["data"] = Convert.ToBase64String(found.Payload), ["dataCrc32c"] = found.Checksum } });
    }

    private Task AddAsync(HttpContext context, string name, JsonNode body)
    {
        if (!secrets.TryGetValue(name, out var secret)) return MissingAsync(context, name);
        var version = secret.Add(Convert.FromBase64String((string)body["payload"]!["data"]!));
        return version.Checksum == (string)body["payload"]!["dataCrc32c"]! ? AnswerAsync(context, new JsonObject { ["name"] = name }) : RefuseAsync(context, 400, "INVALID_ARGUMENT", "checksum");
    }

    private Task VersionsAsync(HttpContext context, string name) => secrets.TryGetValue(name, out var secret)
        ? PageAsync(context, "versions", [.. secret.Versions.Where(version => context.Request.Query["filter"] != "state:ENABLED" || version.State == "ENABLED").Select(version => version.Describe(name))])
        : MissingAsync(context, name);

    // Filters: terms that must all hold; labels.NAME=VALUE, and name:TEXT for what is anywhere in the name.
    private Task ListAsync(HttpContext context, string parent)
    {
        var terms = context.Request.Query["filter"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = secrets.Where(secret => secret.Key.StartsWith(parent + "/", StringComparison.Ordinal) && terms.All(term => term.StartsWith("name:", StringComparison.Ordinal)
            ? secret.Key.Contains(term["name:".Length..], StringComparison.Ordinal)
            : secret.Value.Labels.TryGetValue(term["labels.".Length..term.IndexOf('=', StringComparison.Ordinal)], out var value) && value == term[(term.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        return PageAsync(context, "secrets", [.. found.OrderBy(secret => secret.Key, StringComparer.Ordinal).Select(secret => secret.Value.Describe())]);
    }

    private static Task PageAsync(HttpContext context, string member, List<JsonObject> all)
    {
        var from = int.TryParse(context.Request.Query["pageToken"], CultureInfo.InvariantCulture, out var token) ? token : 0;
        var page = new JsonObject { [member] = new JsonArray([.. all.Skip(from).Take(PageSize)]) };
        if (from + PageSize < all.Count) page["nextPageToken"] = (from + PageSize).ToString(CultureInfo.InvariantCulture);
        return AnswerAsync(context, page);
    }

    private Task CreateAsync(HttpContext context, string name, JsonObject body)
    {
        if (secrets.ContainsKey(name)) return RefuseAsync(context, 409, "ALREADY_EXISTS", $"Secret [{name}] already exists.");
        // A global secret must say where it is kept; a regional one must not.
        if (name.Contains("/locations/", StringComparison.Ordinal) == body["replication"] is not null) return RefuseAsync(context, 400, "INVALID_ARGUMENT", "replication");
        Secret(name).Set(body);
        return AnswerAsync(context, Secret(name).Describe());
    }

    private static Task UpdateAsync(HttpContext context, GoogleSimulatedSecret secret, JsonObject body)
    {
        if ((string?)body["etag"] != secret.Etag) return RefuseAsync(context, 400, "FAILED_PRECONDITION", "etag");
        secret.Set(body);
        return AnswerAsync(context, secret.Describe());
    }

    private Task RemoveAsync(HttpContext context, string name)
    {
        if (context.Request.Query["etag"] != secrets[name].Etag) return RefuseAsync(context, 400, "FAILED_PRECONDITION", "etag");
        secrets.TryRemove(name, out _);
        return AnswerAsync(context, []);
    }

    private static Dictionary<string, string> Form(string body) => body.Split('&').Select(field => field.Split('='))
        .ToDictionary(field => Uri.UnescapeDataString(field[0]), field => Uri.UnescapeDataString(field[1].Replace('+', ' ')), StringComparer.Ordinal);

    private static Task MissingAsync(HttpContext context, string name) => RefuseAsync(context, 404, "NOT_FOUND", $"Secret [{name}] not found or has no versions.");

    private static Task RefuseAsync(HttpContext context, int code, string status, string message)
    {
        context.Response.StatusCode = code;
        return AnswerAsync(context, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["status"] = status } });
    }

    private static Task AnswerAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), Encoding.UTF8);
    }
}
