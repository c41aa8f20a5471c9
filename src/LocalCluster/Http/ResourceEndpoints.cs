using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>From verb and subresource to the endpoint that serves it.</summary>
internal sealed class ResourceEndpoints(
    ObjectStore store, ObjectResponse response, ListEndpoint lists, WatchEndpoint watches, WriteEndpoint writes,
    DeleteEndpoint deletes, ScaleEndpoint scales, TokenRequestEndpoint tokens, ServiceProxyEndpoint proxy, ReviewEndpoint reviews)
{
    public ReviewEndpoint Reviews => reviews;

    public Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken) => request switch
    {
        { Group: "", Resource: "serviceaccounts", Subresource: "token" } => tokens.HandleAsync(context, request, cancellationToken),
        { Group: "", Resource: "services", Subresource: "proxy" } => proxy.HandleAsync(context, request, cancellationToken),
        { Subresource: "scale", Type.Scale: not null } => scales.HandleAsync(context, request, cancellationToken),
        { Subresource: "" } or { Subresource: "status", Type.HasStatus: true } => ServeAsync(context, request, cancellationToken),
        { Group: "", Resource: "namespaces", Subresource: "finalize", Verb: "update" } => writes.UpdateAsync(context, request, cancellationToken),
        _ => throw ApiErrors.NoSuchResource(),
    };

    private Task ServeAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken) => request.Verb switch
    {
        "get" => GetAsync(context, request, cancellationToken),
        "list" => lists.HandleAsync(context, request, cancellationToken),
        "watch" => watches.HandleAsync(context, request, cancellationToken),
        "update" when request.Name.Length > 0 => writes.UpdateAsync(context, request, cancellationToken),
        "patch" when request.Name.Length > 0 => writes.PatchAsync(context, request, cancellationToken),
        _ when request.Subresource.Length > 0 => throw ApiErrors.MethodNotAllowed(),
        "create" when !request.Type!.IsNamespaced || request.Namespace.Length > 0 => writes.CreateAsync(context, request, cancellationToken),
        "delete" => deletes.DeleteAsync(context, request, cancellationToken),
        "deletecollection" when !request.Type!.IsNamespaced || request.Namespace.Length > 0 => deletes.DeleteCollectionAsync(context, request, cancellationToken),
        _ => throw ApiErrors.MethodNotAllowed(),
    };

    private Task GetAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var stored = store.Find(type.Collection, new ObjectKey(request.Namespace, request.Name)) ?? throw ApiErrors.NotFound(type, request.Name);
        return response.WriteAsync(context, 200, type, stored, cancellationToken);
    }
}
