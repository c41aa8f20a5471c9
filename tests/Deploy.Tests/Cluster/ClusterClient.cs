using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Deploy.Tests.Manifests;
using GitOpsSecrets.TestClusters;

namespace GitOpsSecrets.Deploy.Tests.Cluster;

/// <summary>The administrator's client of a cluster, as far as applying manifests needs one.</summary>
internal sealed class ClusterClient(ITestCluster cluster) : IDisposable
{
    private readonly HttpClient http = cluster.CreateAdminClient();

    public void Dispose() => http.Dispose();

    /// <summary>Server-side apply, which creates what is not there.</summary>
    /// <returns>What the server stored, or its refusal.</returns>
    public async Task<(HttpStatusCode Code, JsonNode Body)> ApplyAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var path = $"{await CollectionAsync(manifest, cancellationToken)}/{Uri.EscapeDataString(manifest.Name)}?fieldManager=deploy-tests&force=true";
        return await SendAsync(HttpMethod.Patch, path, manifest.Json, "application/apply-patch+yaml", cancellationToken);
    }

    /// <summary>Plain create, so that a refusal is the schema's and nobody else's.</summary>
    public async Task<(HttpStatusCode Code, JsonNode Body)> CreateAsync(Manifest manifest, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, await CollectionAsync(manifest, cancellationToken), manifest.Json, "application/json", cancellationToken);

    /// <summary>Where an object is.</summary>
    public async Task<string> PathAsync(Manifest manifest, CancellationToken cancellationToken) =>
        $"{await CollectionAsync(manifest, cancellationToken)}/{Uri.EscapeDataString(manifest.Name)}";

    public async Task ApplyAllAsync(ManifestSet manifests, CancellationToken cancellationToken)
    {
        foreach (var ns in manifests.All.Select(manifest => manifest.Namespace).OfType<string>().Distinct()) await EnsureNamespaceAsync(ns, cancellationToken);
        var definitions = manifests.OfKind("CustomResourceDefinition").ToList();
        foreach (var definition in definitions) await PutAsync(definition, cancellationToken);
        foreach (var definition in definitions) await EstablishedAsync(definition, cancellationToken);
        foreach (var manifest in manifests.All.Except(definitions)) await ApplyOneAsync(manifest, cancellationToken);
    }

    /// <summary>
    /// Create or replace, which drops what the server does not know. Server-side apply refuses a definition with rules (before 1.25) or
    /// selectable fields (before 1.30).
    /// </summary>
    private async Task PutAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var (code, body) = await CreateAsync(manifest, cancellationToken);
        if (code == HttpStatusCode.Conflict)
        {
            var path = await PathAsync(manifest, cancellationToken);
            var (_, current) = await GetAsync(path, "application/json", cancellationToken);
            var replacement = manifest.Json.DeepClone();
            replacement["metadata"]!["resourceVersion"] = current["metadata"]!["resourceVersion"]!.DeepClone();
            (code, body) = await SendAsync(HttpMethod.Put, path, replacement, "application/json", cancellationToken);
        }
        Assert.True((int)code is 200 or 201, $"{manifest}: {(int)code} {body["message"]}");
    }

    private async Task ApplyOneAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var (code, body) = await ApplyAsync(manifest, cancellationToken);
        Assert.True((int)code is 200 or 201, $"{manifest}: {(int)code} {body["message"]}");
    }

    public async Task<(HttpStatusCode Code, JsonNode Body)> GetAsync(string path, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return await ReadAsync(request, cancellationToken);
    }

    public async Task<(HttpStatusCode Code, JsonNode Body)> SendAsync(HttpMethod method, string path, JsonNode body, string mediaType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await ReadAsync(request, cancellationToken);
    }

    public async Task EnsureNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
        var (code, _) = await SendAsync(HttpMethod.Post, "/api/v1/namespaces", body, "application/json", cancellationToken);
        Assert.Contains(code, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict });
    }

    /// <summary>Waits until the server serves the kind in all its versions; a real one does so a moment after it took the definition.</summary>
    private async Task EstablishedAsync(Manifest definition, CancellationToken cancellationToken)
    {
        foreach (var version in definition["spec", "versions"]!.AsArray())
        {
            var path = $"/apis/{definition["spec", "group"]}/{version!["name"]}/{definition["spec", "names", "plural"]}";
            while (true)
            {
                var (code, _) = await GetAsync(path, "application/json", cancellationToken);
                if (code == HttpStatusCode.OK) break;
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task<string> CollectionAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var root = manifest.ApiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{manifest.ApiVersion}" : $"/api/{manifest.ApiVersion}";
        var (code, list) = await GetAsync(root, "application/json", cancellationToken);
        Assert.True(code == HttpStatusCode.OK, $"{root}: {(int)code}");
        var resource = Assert.Single(list["resources"]!.AsArray(), r => (string?)r!["kind"] == manifest.Kind && !((string)r["name"]!).Contains('/', StringComparison.Ordinal))!;
        var plural = (string)resource["name"]!;
        return (bool)resource["namespaced"]! ? $"{root}/namespaces/{manifest.Namespace ?? "default"}/{plural}" : $"{root}/{plural}";
    }

    private async Task<(HttpStatusCode Code, JsonNode Body)> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : new JsonObject { ["message"] = text });
    }
}
