using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Controller.Runtime;

namespace GitOpsSecrets.Controller.Kube;

/// <summary>
/// The verbs of the API server for any kind. Each throws <see cref="KubeApiException"/> when the server refuses and
/// <see cref="KubeTransportException"/> when no usable answer comes.
/// </summary>
internal sealed class KubeClient(KubeTransport transport)
{
    internal const string StatusSubresource = "status";

    /// <summary>The clock by which requests wait and time out.</summary>
    public TimeProvider TimeProvider => transport.TimeProvider;

    /// <summary>The server as the log names it.</summary>
    public string Server => transport.Server;

    public Task<T> GetAsync<T>(KubeKind<T> kind, NamespacedName key, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(kind, HttpMethod.Get, kind.Resource.ObjectPath(key), null, cancellationToken);

    /// <summary>As <see cref="GetAsync{T}"/>, but <c>null</c> when there is no such object.</summary>
    public async Task<T?> FindAsync<T>(KubeKind<T> kind, NamespacedName key, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync(kind, key, cancellationToken);
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>What a group serves in one version: an <c>APIResourceList</c>.</summary>
    /// <param name="apiVersion">As objects have it: <c>v1</c>, <c>apps/v1</c>.</param>
    public Task<JsonObject> DiscoverAsync(string apiVersion, CancellationToken cancellationToken)
    {
        var path = string.Join('/', apiVersion.Split('/').Select(Uri.EscapeDataString));
        return transport.SendAsync(
            new KubeRequest(HttpMethod.Get, apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{path}" : $"api/{path}"),
            async (stream, token) => await JsonSerializer.DeserializeAsync(stream, KubeJson.Default.JsonObject, token) ?? throw new JsonException(),
            cancellationToken);
    }

    /// <summary>All objects, page by page; those that do not read as their kind are left out.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(KubeKind<T> kind, ListQuery query, CancellationToken cancellationToken)
        where T : class
    {
        var found = new List<T>();
        string? next = null;
        do
        {
            var page = await ListPageAsync(kind, query, next, cancellationToken);
            found.AddRange((page.Items ?? []).Where(item => item.Value is not null).Select(item => item.Value!));
            next = page.Continue;
        }
        while (next is not null);
        return found;
    }

    /// <summary>One page. <paramref name="continueToken"/> comes from the page before; 410 says that it is too old.</summary>
    public Task<ListPage<T>> ListPageAsync<T>(KubeKind<T> kind, ListQuery query, string? continueToken, CancellationToken cancellationToken)
        where T : class
    {
        var path = CollectionPath(kind.Resource, query);
        path = query.PageSize > 0 ? With(path, "limit", query.PageSize.ToString(CultureInfo.InvariantCulture)) : path;
        path = With(path, "continue", continueToken);
        var request = new KubeRequest(HttpMethod.Get, path) { Accept = kind.ListAccept, Resource = kind.Resource };
        return transport.SendAsync(
            request,
            async (stream, token) => await JsonSerializer.DeserializeAsync(stream, kind.PageTypeInfo, token) ?? throw new JsonException(),
            cancellationToken);
    }

    /// <summary>Opens a watch; <see cref="WatchStream{T}.ReadAsync"/> gives its events.</summary>
    public async Task<WatchStream<T>> WatchAsync<T>(KubeKind<T> kind, ListQuery query, WatchOptions options, CancellationToken cancellationToken)
        where T : class
    {
        var path = With(CollectionPath(kind.Resource, query), "watch", "true");
        path = With(path, "allowWatchBookmarks", "true");
        path = With(path, "resourceVersion", options.ResourceVersion);
        path = With(path, "timeoutSeconds", ((int)options.ServerTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        var response = await transport.OpenAsync(new KubeRequest(HttpMethod.Get, path) { Accept = kind.ObjectAccept }, cancellationToken);
        return new WatchStream<T>(response, kind, options.IdleTimeout, transport.TimeProvider);
    }

    /// <summary>Creates the object; 409 <c>AlreadyExists</c> when it is there.</summary>
    public Task<T> CreateAsync<T>(KubeKind<T> kind, T item, CancellationToken cancellationToken, string? fieldManager = null)
        where T : class => CreateAsync(kind, item, kind.Resource.CollectionPath(kind.Key(item).Namespace), fieldManager, cancellationToken);

    /// <summary>Asks whether such an object could be created: defaults, validation, admission and quotas, and nothing is stored. Under a name that the server makes up where it has none.</summary>
    /// <returns>The object as it would be.</returns>
    public Task<T> TryCreateAsync<T>(KubeKind<T> kind, T item, CancellationToken cancellationToken, string? fieldManager = null)
        where T : class => CreateAsync(kind, item, With(kind.Resource.CollectionPath(kind.Key(item).Namespace), "dryRun", "All"), fieldManager, cancellationToken);

    private async Task<T> CreateAsync<T>(KubeKind<T> kind, T item, string path, string? fieldManager, CancellationToken cancellationToken)
        where T : class
    {
        using var body = KubeBody.Of(item, kind.TypeInfo);
        return await SendAsync(kind, HttpMethod.Post, With(path, "fieldManager", fieldManager), body, cancellationToken);
    }

    /// <summary>Posts to a subresource, such as the <c>token</c> of a service account.</summary>
    public async Task<JsonObject> CreateAsync(KubeResource resource, NamespacedName key, string subresource, JsonObject item, CancellationToken cancellationToken)
    {
        using var body = KubeBody.Of(item, KubeBody.Json);
        return await SendAsync(KubeKind.Untyped(resource), HttpMethod.Post, resource.ObjectPath(key, subresource), body, cancellationToken);
    }

    /// <summary>Replaces the object; 409 when <c>metadata.resourceVersion</c> is given and no longer current.</summary>
    public async Task<T> UpdateAsync<T>(KubeKind<T> kind, T item, CancellationToken cancellationToken, string? fieldManager = null)
        where T : class
    {
        using var body = KubeBody.Of(item, kind.TypeInfo);
        var path = With(kind.Resource.ObjectPath(kind.Key(item)), "fieldManager", fieldManager);
        return await SendAsync(kind, HttpMethod.Put, path, body, cancellationToken);
    }

    /// <summary>Replaces the object's status; the rest of <paramref name="item"/> is ignored but for its name and resourceVersion.</summary>
    public async Task<T> UpdateStatusAsync<T>(KubeKind<T> kind, T item, CancellationToken cancellationToken, string? fieldManager = null)
        where T : class
    {
        using var body = KubeBody.Of(item, kind.TypeInfo);
        var path = With(kind.Resource.ObjectPath(kind.Key(item), StatusSubresource), "fieldManager", fieldManager);
        return await SendAsync(kind, HttpMethod.Put, path, body, cancellationToken);
    }

    /// <summary>
    /// Server-side apply: the object shall have these fields, and no longer those that <paramref name="fieldManager"/> applied before
    /// and left out now. 409 when another manager owns a field and <paramref name="force"/> is not set.
    /// </summary>
    /// <param name="kind">How the answer is read: apply a whole Secret and read back <see cref="KubeKind.MetadataOf"/> alone.</param>
    public Task<T> ApplyAsync<T>(
        KubeKind<T> kind, NamespacedName key, JsonObject fields, string fieldManager, bool force, CancellationToken cancellationToken)
        where T : class =>
        ApplyBodyAsync(kind, key, KubeBody.Of(fields, KubeBody.Apply), fieldManager, force, cancellationToken);

    /// <summary>As the other overload, with the fields as a typed value.</summary>
    public Task<T> ApplyAsync<T, TFields>(
        KubeKind<T> kind, NamespacedName key, TFields fields, JsonTypeInfo<TFields> typeInfo, string fieldManager, bool force, CancellationToken cancellationToken)
        where T : class =>
        ApplyBodyAsync(kind, key, KubeBody.Of(fields, typeInfo, KubeBody.Apply), fieldManager, force, cancellationToken);

    /// <summary>JSON merge patch (RFC 7386): <c>null</c> removes, lists are replaced whole.</summary>
    public async Task<T> PatchAsync<T>(
        KubeKind<T> kind, NamespacedName key, JsonObject patch, CancellationToken cancellationToken, string? subresource = null, string? fieldManager = null)
        where T : class
    {
        using var body = KubeBody.Of(patch, KubeBody.MergePatch);
        var path = With(kind.Resource.ObjectPath(key, subresource), "fieldManager", fieldManager);
        return await SendAsync(kind, HttpMethod.Patch, path, body, cancellationToken);
    }

    /// <summary>Deletes the object if it is still the one meant; 404 when it is gone.</summary>
    public async Task DeleteAsync(KubeResource resource, NamespacedName key, DeletePreconditions? preconditions, CancellationToken cancellationToken)
    {
        var wanted = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (preconditions is not null)
        {
            var conditions = new JsonObject();
            Put(conditions, "uid", preconditions.Uid);
            Put(conditions, "resourceVersion", preconditions.ResourceVersion);
            wanted["preconditions"] = conditions;
        }

        using var body = KubeBody.Of(wanted, KubeBody.Json);
        var request = new KubeRequest(HttpMethod.Delete, resource.ObjectPath(key)) { Body = body, Resource = resource };
        await transport.SendAsync(request, static (_, _) => ValueTask.FromResult(true), cancellationToken);
    }

    private async Task<T> ApplyBodyAsync<T>(
        KubeKind<T> kind, NamespacedName key, KubeBody body, string fieldManager, bool force, CancellationToken cancellationToken)
        where T : class
    {
        using (body)
        {
            var path = With(kind.Resource.ObjectPath(key), "fieldManager", fieldManager);
            path = force ? With(path, "force", "true") : path;
            return await SendAsync(kind, HttpMethod.Patch, path, body, cancellationToken);
        }
    }

    private Task<T> SendAsync<T>(KubeKind<T> kind, HttpMethod method, string path, KubeBody? body, CancellationToken cancellationToken)
        where T : class =>
        transport.SendAsync(
            new KubeRequest(method, path) { Accept = kind.ObjectAccept, Body = body, Resource = kind.Resource },
            async (stream, token) => await JsonSerializer.DeserializeAsync(stream, kind.TypeInfo, token) ?? throw new JsonException(),
            cancellationToken);

    private static string CollectionPath(KubeResource resource, ListQuery query)
    {
        var path = resource.CollectionPath(query.Namespace);
        path = With(path, "labelSelector", query.LabelSelector);
        return With(path, "fieldSelector", query.FieldSelector);
    }

    private static void Put(JsonObject into, string name, string? value)
    {
        if (value is not null)
        {
            into[name] = value;
        }
    }

    /// <summary>The path with one more query parameter, unless the value is <c>null</c>.</summary>
    private static string With(string path, string name, string? value)
    {
        if (value is null)
        {
            return path;
        }

        return new StringBuilder(path)
            .Append(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')
            .Append(name).Append('=').Append(Uri.EscapeDataString(value)).ToString();
    }
}
