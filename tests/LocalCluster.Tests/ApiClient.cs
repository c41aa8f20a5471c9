using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Tests;

/// <summary>Speaks to an API server in plain requests.</summary>
internal sealed class ApiClient(HttpClient http) : IDisposable
{
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public HttpClient Http => http;

    public Task<ApiAnswer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, null, accept: accept);

    public Task<ApiAnswer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public Task<ApiAnswer> PutAsync(string path, JsonNode json) => SendAsync(HttpMethod.Put, path, json.ToJsonString());

    public Task<ApiAnswer> DeleteAsync(string path, string? options = null) => SendAsync(HttpMethod.Delete, path, options);

    public Task<ApiAnswer> PatchAsync(string path, string patch, string mediaType = Merge) => SendAsync(HttpMethod.Patch, path, patch, mediaType);

    public Task<ApiAnswer> ApplyAsync(string path, string manager, string config, bool force = false) =>
        PatchAsync($"{path}?fieldManager={manager}{(force ? "&force=true" : "")}", config, Apply);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body, string mediaType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.UserAgent.ParseAdd("conformance/1.0");
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "application/json");
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        using var answer = await http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        return new ApiAnswer((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text });
    }

    public void Dispose() => http.Dispose();
}
