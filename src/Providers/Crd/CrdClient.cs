using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.ExternalSecrets.Stores;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;
using GitOpsSecrets.Providers.Kubernetes;

namespace GitOpsSecrets.Providers.Crd;

/// <summary>Objects of one kind on one API server (https://kubernetes.io/docs/reference/using-api/api-concepts/).</summary>
internal sealed class CrdClient(KubernetesClient kubernetes, CrdStore.ResourceBlock kind) : IDisposable
{
    private const int PageSize = 500;
    private const int MostObjects = 20_000;
    private readonly string root = kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";
    private CrdResource? known;

    /// <summary>What the server calls the kind; asked once.</summary>
    /// <exception cref="ProviderException">It serves no such kind, or did not answer.</exception>
    public async Task<CrdResource> ResourceAsync(CancellationToken cancellationToken)
    {
        if (known is not null) return known;
        using var answer = await kubernetes.GetAsync(root, "GetAPIResources", cancellationToken, anyNotFound: true).ConfigureAwait(false) ?? throw NotServed();
        using var list = Parse(answer.Body());
        foreach (var resource in Elements(list.RootElement, "resources"))
        {
            if (JsonMembers.Text(resource, "kind") != kind.Kind || JsonMembers.Text(resource, "name") is not { Length: > 0 } name || !KubernetesNames.IsObject(name)) continue;
            return known = new CrdResource(name, JsonMembers.Member(resource, "namespaced").ValueKind == JsonValueKind.True);
        }
        throw NotServed();
    }

    /// <returns>The object as JSON, the caller's to zero; null when it is not there.</returns>
    public async Task<byte[]?> FindAsync(CrdKey key, CancellationToken cancellationToken)
    {
        var resource = await ResourceAsync(cancellationToken).ConfigureAwait(false);
        using var answer = await kubernetes.GetAsync($"{Path(resource, key.Namespace)}/{key.Name}", "GetObject", cancellationToken).ConfigureAwait(false);
        if (answer is null) return null;
        var body = answer.TakeBody();
        using var document = Parse(body);
        return JsonMembers.Text(JsonMembers.Member(document.RootElement, "metadata"), "name") == key.Name ? body : throw KubernetesClient.NoApiServer();
    }

    /// <summary>Hands over every object and its text.</summary>
    /// <param name="namespace">Null for all.</param>
    public async Task ListAsync(string? @namespace, IReadOnlyDictionary<string, string> labels, Action<CrdKey, byte[]> take, CancellationToken cancellationToken)
    {
        var resource = await ResourceAsync(cancellationToken).ConfigureAwait(false);
        var selector = labels.Count == 0 ? "" : "&labelSelector=" + Uri.EscapeDataString(string.Join(',', labels.Select(label => $"{label.Key}={label.Value}")));
        var (count, next) = (0, (string?)null);
        do
        {
            var path = $"{Path(resource, @namespace)}?limit={PageSize}{selector}{(next is null ? "" : "&continue=" + Uri.EscapeDataString(next))}";
            using var answer = await kubernetes.GetAsync(path, "ListObjects", cancellationToken).ConfigureAwait(false) ?? throw NotServed();
            using var page = Parse(answer.Body());
            foreach (var item in Elements(page.RootElement, "items"))
            {
                if (++count > MostObjects) throw new ProviderException(ProviderFailureKind.Invalid, $"the search would look at more than {MostObjects} objects: narrow it with find.tags");
                var metadata = JsonMembers.Member(item, "metadata");
                if (JsonMembers.Text(metadata, "name") is { } name) take(new CrdKey(JsonMembers.Text(metadata, "namespace"), name), Encoding.UTF8.GetBytes(item.GetRawText()));
            }
            next = JsonMembers.Text(JsonMembers.Member(page.RootElement, "metadata"), "continue");
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <param name="namespace">Null asks about all namespaces.</param>
    public async Task<bool> MayReadAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var resource = await ResourceAsync(cancellationToken).ConfigureAwait(false);
        var attributes = new JsonObject { ["group"] = kind.Group, ["version"] = kind.Version, ["resource"] = resource.Plural, ["verb"] = "get" };
        if (resource.IsNamespaced && @namespace is not null) attributes["namespace"] = @namespace;
        var status = await kubernetes.ReviewAsync("SelfSubjectAccessReview", new JsonObject { ["resourceAttributes"] = attributes }, cancellationToken).ConfigureAwait(false);
        return status["allowed"] is JsonValue allowed && allowed.TryGetValue<bool>(out var may) && may;
    }

    public void Dispose() => kubernetes.Dispose();

    private string Path(CrdResource resource, string? @namespace) => resource.IsNamespaced && @namespace is not null ? $"{root}/namespaces/{@namespace}/{resource.Plural}" : $"{root}/{resource.Plural}";

    private ProviderException NotServed() => new(ProviderFailureKind.Invalid, $"group \"{kind.Group}\" version \"{kind.Version}\" kind \"{kind.Kind}\" is not registered in the cluster");

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw KubernetesClient.NoApiServer();
        }
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement list, string name) =>
        JsonMembers.Member(list, name) is { ValueKind: JsonValueKind.Array } elements ? elements.EnumerateArray() : throw KubernetesClient.NoApiServer();
}
