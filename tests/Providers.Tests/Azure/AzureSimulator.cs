using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Azure;

/// <summary>
/// What the documented REST API of Azure Key Vault does, over TLS, with the login of Microsoft Entra ID, a metadata server and a container registry
/// beside it. No vault can be had where these tests run; the vendor's own libraries take this for one (AzureSimulatorTests). Each
/// behaviour here is from https://learn.microsoft.com/rest/api/keyvault/ and https://learn.microsoft.com/entra/identity-platform/.
/// </summary>
internal sealed class AzureSimulator : IAsyncDisposable
{
    public const string Tenant = "11111111-2222-3333-4444-555555555555";
    private readonly ConcurrentDictionary<(string Collection, string Name), AzureSimulatedObject> objects = new();
    private readonly ConcurrentDictionary<string, (string Resource, DateTimeOffset End)> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<IReadOnlyDictionary<string, string>, bool>> clients = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<AzureSeen> seen = new();
    private readonly TimeProvider time;
    private readonly SemaphoreSlim asked = new(0);
    private readonly string name;
    private LoopbackServer? server;
    private int issued;

    private AzureSimulator(TimeProvider time, string name) => (this.time, this.name) = (time, name);

    public Uri Address => new UriBuilder(server!.Address) { Host = name }.Uri;

    /// <summary>The same place by its number.</summary>
    public Uri Number => server!.Address;

    public IReadOnlyList<AzureSeen> Seen => [.. seen];

    public int Logins => seen.Count(request => IsLogin(request.Path) || request.Path.StartsWith("/metadata/", StringComparison.Ordinal));

    /// <summary>What tokens must be for.</summary>
    public string Resource { get; set; } = "";

    /// <summary>Claims that tokens must be made by, once it is set.</summary>
    public string? Claims { get; set; }

    public int TokenSeconds { get; set; } = 3600;

    /// <summary>Objects on one page of a list.</summary>
    public int PageSize { get; set; } = 25;

    /// <summary>Answers every request with this in place of what it asks for, when set.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <param name="name">Of its host; tokens are for the domain above it.</param>
    public static async Task<AzureSimulator> StartAsync(TimeProvider time, TestCertificates certificates, string name = "127.0.0.1")
    {
        var simulator = new AzureSimulator(time, name);
        simulator.server = await LoopbackServer.StartAsync(simulator.HandleAsync, certificates.Issue(name, "127.0.0.1"));
        var isNumber = name == "127.0.0.1";
        simulator.Resource = new UriBuilder(simulator.Address) { Host = isNumber ? name : name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] }.Uri.ToString().TrimEnd('/');
        return simulator;
    }

    /// <summary>Lets an application in when its login proves it.</summary>
    public void Accept(string client, Func<IReadOnlyDictionary<string, string>, bool> proof) => clients[client] = proof;

    public void Accept(string client, string password) => Accept(client, form => form.GetValueOrDefault("client_secret") == password);

    public void ForgetTokens() => tokens.Clear();

    /// <summary>Waits until so many logins were tried.</summary>
    public async Task LoggedInAsync(int logins, CancellationToken cancellationToken)
    {
        while (Logins < logins) await asked.WaitAsync(cancellationToken);
    }

    public JsonObject Put(string place, JsonObject content)
    {
        var parts = place.Split('/');
        return ObjectAt(parts[0], parts[1]).Add(content);
    }

    public JsonObject PutSecret(string name, string value, JsonObject? tags = null) => Put("secrets/" + name, new JsonObject { ["value"] = value, ["tags"] = tags });

    public JsonObject? Read(string place)
    {
        var parts = place.Split('/');
        return objects.TryGetValue((parts[0], parts[1]), out var found) && !found.IsDeleted ? found.Newest : null;
    }

    public void Delete(string place)
    {
        var parts = place.Split('/');
        ObjectAt(parts[0], parts[1]).IsDeleted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        asked.Dispose();
    }

    private AzureSimulatedObject ObjectAt(string collection, string name) => objects.GetOrAdd((collection, name), _ => new AzureSimulatedObject(Address, collection, name));

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var form = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal) : [];
        var body = form.Count == 0 && context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body) as JsonObject : null;
        var token = context.Request.Headers.Authorization.ToString() is { Length: > 7 } bearer ? bearer["Bearer ".Length..] : null;
        seen.Enqueue(new(context.Request.Method, path, context.Request.QueryString.Value ?? "", token, body, form));
        asked.Release();
        if (Instead is not null && await Instead(context)) return;
        if (IsLogin(path)) await LogInAsync(context, form);
        else if (path.StartsWith("/metadata/identity/", StringComparison.Ordinal)) await MachineAsync(context);
        else if (path is "/oauth2/exchange" or "/oauth2/token") await RegistryAsync(context, path, form);
        else if (!IsAlive(token, Resource)) await ChallengeAsync(context);
        else await VaultAsync(context, path.Trim('/').Split('/'), body);
    }

    private bool IsAlive(string? token, string resource) => token is not null && tokens.TryGetValue(token, out var known) && known.Resource == resource && time.GetUtcNow() < known.End;

    private static bool IsLogin(string path) => path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal) || path == "/adfs/oauth2/token";

    private Task ChallengeAsync(HttpContext context)
    {
        var claims = Claims is null ? "" : $", error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Claims))}\"";
        context.Response.Headers.WWWAuthenticate = $"Bearer authorization=\"{Address}{Tenant}\", resource=\"{Resource}\"{claims}";
        return RefuseAsync(context, 401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
    }

    private Task LogInAsync(HttpContext context, Dictionary<string, string> form)
    {
        var isKnown = clients.TryGetValue(form.GetValueOrDefault("client_id") ?? "", out var proof) && proof(form) && (context.Request.Path.StartsWithSegments("/" + Tenant, StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/adfs", StringComparison.Ordinal));
        var hasClaims = Claims is null || form.GetValueOrDefault("claims") == Claims;
        if (isKnown && form["scope"].EndsWith("/.default", StringComparison.Ordinal)) return TokenAsync(context, hasClaims ? form["scope"][..^"/.default".Length] : "claims are missing");
        context.Response.StatusCode = 401;
        return AnswerAsync(context, new JsonObject
        {
            ["error"] = "invalid_client",
            ["error_description"] = $"AADSTS7000215: Invalid client secret provided. It was {form.GetValueOrDefault("client_secret")}.\r\nTrace ID: {Guid.NewGuid()}\r\nTimestamp: now",
        });
    }

    // https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
    private Task MachineAsync(HttpContext context)
    {
        if (context.Request.Headers["Metadata"] == "true" && context.Request.Query["resource"].ToString() is { Length: > 0 } resource) return TokenAsync(context, resource);
        context.Response.StatusCode = 400;
        return AnswerAsync(context, new JsonObject { ["error"] = "invalid_request", ["error_description"] = "Required metadata header not specified" });
    }

    private Task TokenAsync(HttpContext context, string resource)
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref issued)}");
        tokens[token] = (resource, time.GetUtcNow().AddSeconds(TokenSeconds));
        return AnswerAsync(context, new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = TokenSeconds, ["expires_on"] = DateTimeOffset.UtcNow.AddSeconds(TokenSeconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["access_token"] = token });
    }

    // https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
    private Task RegistryAsync(HttpContext context, string path, Dictionary<string, string> form)
    {
        var isFirst = path == "/oauth2/exchange" && form.GetValueOrDefault("grant_type") == "access_token" && IsAlive(form.GetValueOrDefault("access_token"), "https://management.azure.com");
        if (isFirst) return AnswerAsync(context, new JsonObject { ["refresh_token"] = $"refresh for {form["service"]} of {form.GetValueOrDefault("tenant")}" });
        if (path == "/oauth2/token" && form.GetValueOrDefault("grant_type") == "refresh_token") return AnswerAsync(context, new JsonObject { ["access_token"] = $"access to {form["scope"]} by {form["refresh_token"]}" });
        context.Response.StatusCode = 401;
        return AnswerAsync(context, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = "UNAUTHORIZED", ["message"] = "authentication required" }) });
    }

    private Task VaultAsync(HttpContext context, string[] path, JsonObject? body)
    {
        var isDeleted = path[0].StartsWith("deleted", StringComparison.Ordinal);
        var collection = isDeleted ? path[0]["deleted".Length..] : path[0];
        if (path.Length == 1) return ListAsync(context, collection);
        objects.TryGetValue((collection, path[1]), out var found);
        return (context.Request.Method, path.Length > 2 ? path[2] : "", isDeleted) switch
        {
            ("POST", "recover", true) when found is { IsDeleted: true } => RecoverAsync(context, found),
            ("GET", _, true) when found is { IsDeleted: true } => AnswerAsync(context, found.Newest),
            ("POST", "import", false) or ("PUT", _, false) when found is { IsDeleted: true } => RefuseAsync(context, 409, "Conflict", $"{path[1]} is currently in a deleted but recoverable state.", "ObjectIsDeletedButRecoverable"),
            ("PUT", _, false) => WriteAsync(context, ObjectAt(collection, path[1]), collection == "keys" ? PublicKey(body!.DeepClone().AsObject()) : body!),
            ("POST", "import", false) => WriteAsync(context, ObjectAt(collection, path[1]), Certificate(body!.DeepClone().AsObject())),
            (_, _, _) when isDeleted || found is null or { IsDeleted: true } => RefuseAsync(context, 404, Noun(collection) + "NotFound", $"A {Noun(collection)} with (name/id) {path[1]} was not found in this key vault."),
            ("DELETE", _, _) => DeleteAsync(context, found),
            ("GET", "", _) => ValueAsync(context, collection, found.Newest),
            ("GET", var version, _) => ValueAsync(context, collection, found.Version(version)),
            _ => RefuseAsync(context, 400, "BadParameter", "no such call"),
        };
    }

    private Task ListAsync(HttpContext context, string collection)
    {
        var all = objects.Where(entry => entry.Key.Collection == collection && !entry.Value.IsDeleted).OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).Select(entry => entry.Value.Item()).ToList();
        var skip = int.TryParse(context.Request.Query["$skiptoken"], CultureInfo.InvariantCulture, out var token) ? token : 0;
        var next = skip + PageSize < all.Count ? string.Create(CultureInfo.InvariantCulture, $"https://{context.Request.Host}/{collection}?api-version=7.4&$skiptoken={skip + PageSize}&maxresults={PageSize}") : null;
        return AnswerAsync(context, new JsonObject { ["value"] = new JsonArray([.. all.Skip(skip).Take(PageSize)]), ["nextLink"] = next });
    }

    private static Task ValueAsync(HttpContext context, string collection, JsonObject? version)
    {
        if (version is null) return RefuseAsync(context, 404, Noun(collection) + "NotFound", "no such version");
        return version["attributes"]!["enabled"]!.GetValue<bool>()
            ? AnswerAsync(context, version)
            : RefuseAsync(context, 403, "Forbidden", $"Operation get is not allowed on a disabled {Noun(collection)}.", Noun(collection) + "Disabled");
    }

    private static Task WriteAsync(HttpContext context, AzureSimulatedObject at, JsonObject content) => AnswerAsync(context, at.Add(content.DeepClone().AsObject()));

    private static Task DeleteAsync(HttpContext context, AzureSimulatedObject found)
    {
        found.IsDeleted = true;
        return AnswerAsync(context, found.Newest);
    }

    private static Task RecoverAsync(HttpContext context, AzureSimulatedObject found)
    {
        found.IsDeleted = false;
        return AnswerAsync(context, found.Item());
    }

    // A vault shows the public half.
    private static JsonObject PublicKey(JsonObject body)
    {
        foreach (var secret in (string[])["d", "dp", "dq", "qi", "p", "q", "k"]) body["key"]!.AsObject().Remove(secret);
        return body;
    }

    private static JsonObject Certificate(JsonObject body)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(Convert.FromBase64String(body["value"]!.GetValue<string>()), null);
        body["cer"] = Convert.ToBase64String(all.First(certificate => certificate.HasPrivateKey).RawData);
        body["certificates"] = all.Count;
        return body;
    }

    private static string Noun(string collection) => collection switch { "certificates" => "Certificate", "keys" => "Key", _ => "Secret" };

    private static Task RefuseAsync(HttpContext context, int status, string code, string message, string? inner = null)
    {
        context.Response.StatusCode = status;
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null) error["innererror"] = new JsonObject { ["code"] = inner };
        return AnswerAsync(context, new JsonObject { ["error"] = error });
    }

    private static Task AnswerAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
