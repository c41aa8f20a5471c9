using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Tests;

/// <summary>An open watch, event by event.</summary>
internal sealed class WatchReader : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private WatchReader(HttpResponseMessage response, StreamReader reader)
    {
        this.response = response;
        this.reader = reader;
    }

    public int Code => (int)response.StatusCode;

    public static async Task<WatchReader> OpenAsync(ApiClient api, string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}watch=1");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new WatchReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <returns>The next event, or <c>null</c> at the end.</returns>
    public async Task<JsonObject?> NextAsync()
    {
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        return line is null ? null : JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Type and object name of the next event, for example <c>ADDED a</c>.</summary>
    public async Task<string> NextNameAsync()
    {
        var next = await NextAsync();
        return next is null ? "END" : $"{next["type"]} {next["object"]!["metadata"]?["name"]}".TrimEnd();
    }

    public async Task<List<JsonObject>> RestAsync()
    {
        var events = new List<JsonObject>();
        while (await NextAsync() is { } next) events.Add(next);
        return events;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
