using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.SopsKeys;

/// <summary>
/// Vault's transit engine at <c>transit/</c>, over TLS, as https://developer.hashicorp.com/vault/api-docs/secret/transit has it: encrypt and decrypt.
/// </summary>
internal sealed class TransitServer : IAsyncDisposable
{
    public const string Token = "hvs.transit-of-the-test";

    private readonly ConcurrentDictionary<string, string> wrapped = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Path, string? Token, string? Namespace)> seen = new();
    private readonly TestCertificates certificates = new();
    private readonly string folder = Directory.CreateTempSubdirectory("transit-").FullName;
    private LoopbackServer? server;

    /// <summary>Answers everything with this, when set.</summary>
    public int? Status { get; set; }

    public IReadOnlyList<(string Path, string? Token, string? Namespace)> Seen => [.. seen];

    /// <summary>Without a slash at the end, as people write it.</summary>
    public string Address => server!.Address.ToString().TrimEnd('/');

    /// <summary>A file with the certificate of whoever vouches for the server.</summary>
    public string AuthorityFile => Path.Combine(folder, "ca.pem");

    public static async Task<TransitServer> StartAsync()
    {
        var transit = new TransitServer();
        await File.WriteAllTextAsync(transit.AuthorityFile, transit.certificates.Pem, TestContext.Current.CancellationToken);
        transit.server = await LoopbackServer.StartAsync(transit.HandleAsync, transit.certificates.Issue("127.0.0.1"));
        return transit;
    }

    /// <summary>As the flag and creation rules name it.</summary>
    public string KeyUrl(string name = "app") => $"{Address}/v1/transit/keys/{name}";

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var token = Header(context, "X-Vault-Token");
        seen.Enqueue((path, token, Header(context, "X-Vault-Namespace")));
        if (Status is { } status) await AnswerAsync(context, status, "the engine is sealed");
        else if (token != Token) await AnswerAsync(context, 403, "permission denied");
        else if (path.Split('/') is not ["", "v1", "transit", var action, var key] || context.Request.Method != "POST") await AnswerAsync(context, 404, $"no handler for route \"{path["/v1/".Length..]}\". route entry not found.");
        else await CryptAsync(context, action, key, (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!);
    }

    private async Task CryptAsync(HttpContext context, string action, string key, JsonObject body)
    {
        if (action == "encrypt")
        {
            var ciphertext = $"vault:v1:{key}{wrapped.Count}";
            wrapped[ciphertext] = (string)body["plaintext"]!;
            await context.Response.WriteAsync(new JsonObject { ["data"] = new JsonObject { ["ciphertext"] = ciphertext, ["key_version"] = 1 } }.ToJsonString());
        }
        else if ((string?)body["ciphertext"] is { } asked && asked.StartsWith("vault:v1:" + key, StringComparison.Ordinal) && wrapped.TryGetValue(asked, out var plain))
        {
            await context.Response.WriteAsync(new JsonObject { ["data"] = new JsonObject { ["plaintext"] = plain } }.ToJsonString());
        }
        else
        {
            await AnswerAsync(context, 400, "invalid ciphertext: unable to decrypt");
        }
    }

    private static string? Header(HttpContext context, string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    private static Task AnswerAsync(HttpContext context, int status, params string[] errors)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode)error)]) }.ToJsonString());
    }
}
