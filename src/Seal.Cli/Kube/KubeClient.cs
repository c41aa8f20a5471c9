using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Seal.Cli.Kube;

/// <summary>The few calls of the Kubernetes API that a command needs, over JSON trees.</summary>
internal sealed class KubeClient(KubeTransport transport) : IDisposable
{
    private const string Json = "application/json";
    private const int PageSize = 500;

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        Parse(await SendAsync(HttpMethod.Get, path, null, Json, Json, cancellationToken));

    public async Task<JsonObject> CreateAsync(string path, JsonObject value, CancellationToken cancellationToken) =>
        Parse(await SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(value.ToJsonString()), Json, Json, cancellationToken));

    /// <summary>JSON merge patch.</summary>
    public async Task<JsonObject> PatchAsync(string path, JsonObject patch, CancellationToken cancellationToken) =>
        Parse(await SendAsync(HttpMethod.Patch, path, Encoding.UTF8.GetBytes(patch.ToJsonString()), "application/merge-patch+json", Json, cancellationToken));

    /// <summary>Every object of a list, page by page.</summary>
    /// <param name="path">Without query.</param>
    /// <param name="labelSelector">Empty for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="fieldSelector">Empty for all.</param>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, string labelSelector, CancellationToken cancellationToken, string fieldSelector = "")
    {
        var found = new List<JsonObject>();
        string? next = null;
        do
        {
            var query = $"?limit={PageSize}";
            if (labelSelector.Length > 0) query += "&labelSelector=" + Uri.EscapeDataString(labelSelector);
            if (fieldSelector.Length > 0) query += "&fieldSelector=" + Uri.EscapeDataString(fieldSelector);
            if (next is not null) query += "&continue=" + Uri.EscapeDataString(next);
            var page = await GetAsync(path + query, cancellationToken);
            found.AddRange((page["items"] as JsonArray ?? []).OfType<JsonObject>());
            next = (page["metadata"] as JsonObject).Text("continue");
        }
        while (next is not null);
        return found;
    }

    /// <summary>Any request whose answer is not an object of the API.</summary>
    /// <exception cref="KubeStatusException">Any status but 2xx.</exception>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body, string contentType, string accept, CancellationToken cancellationToken)
    {
        var (status, answer, retryAfter) = await transport.SendAsync(method, path, body, contentType, accept, cancellationToken);
        if ((int)status is >= 200 and < 300) return answer;
        throw new KubeStatusException(status, Explain(status, answer, method, path), retryAfter);
    }

    public void Dispose() => transport.Dispose();

    private static JsonObject Parse(byte[] body)
    {
        try
        {
            if (JsonNode.Parse(body) is JsonObject value) return value;
        }
        catch (JsonException) { }
        throw new CommandException("the API server's answer is no JSON object; is the server's address that of a Kubernetes API?");
    }

    private static string Explain(HttpStatusCode status, byte[] body, HttpMethod method, string path)
    {
        var message = StatusMessage(body);
        if (status == HttpStatusCode.Unauthorized) return "Unauthorized: the API server does not accept these credentials (expired? log in again, or choose another --context)";
        return message ?? $"an error on the server (\"{Excerpt(body)}\") has prevented the request from succeeding ({method.Method.ToLowerInvariant()} {Resource(path)})";
    }

    private static string? StatusMessage(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject status && status.Text("kind") == "Status" ? status.Text("message") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Excerpt(byte[] body) => Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500))).Trim();

    // "/api/v1/namespaces/kube-system/services/http:x:http/proxy/…" → "services http:x:http", as kubectl says it.
    private static string Resource(string path)
    {
        var parts = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var services = Array.IndexOf(parts, "services");
        return services >= 0 && services + 1 < parts.Length ? $"services {Uri.UnescapeDataString(parts[services + 1])}" : path;
    }
}
