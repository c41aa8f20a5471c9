using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;
using GitOpsSecrets.LocalCluster.Tables;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>Lists, page by page: every page of one list shows the same revision, or is answered with 410 once that is compacted.</summary>
internal sealed class ListEndpoint(ObjectStore store, TableWriter tables)
{
    public Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var form = OutputForm.Choose(context.Request);
        var query = ListQuery.Read(context.Request, type, "");
        var token = query.Continue.Length == 0 ? null : ContinueToken.Decode(query.Continue) ?? throw ApiErrors.BadRequest("continue key is not valid: illegal base64 data at input byte 0");
        var snapshot = Snapshot(type, query, token);
        var matching = snapshot.In(request.Namespace).Where(query.Matches);
        if (token is not null) matching = matching.Where(stored => stored.Key > token.After);
        var all = matching.ToList();
        var page = query.Limit > 0 && all.Count > query.Limit ? all[..query.Limit] : all;

        var metadata = new JsonObject { ["resourceVersion"] = snapshot.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Count < all.Count)
        {
            metadata["continue"] = new ContinueToken(snapshot.Revision, page[^1].Key).Encode();
            if (query.Labels.IsEmpty) metadata["remainingItemCount"] = all.Count - page.Count;
        }

        return JsonResponses.WriteAsync(context, 200, Body(type, form, query, page, metadata), form, cancellationToken);
    }

    private StoreSnapshot Snapshot(ResourceType type, ListQuery query, ContinueToken? token)
    {
        if (token is { Revision: not ContinueToken.Newest })
        {
            return store.SnapshotAt(type.Collection, token.Revision)
                ?? throw ApiErrors.ContinueExpired((token with { Revision = ContinueToken.Newest }).Encode());
        }

        var wanted = query.Revision();
        var newest = store.Snapshot(type.Collection);
        if (wanted > newest.Revision)
        {
            throw new ApiException(504, "Timeout", $"Timeout: Too large resource version: {wanted}, current: {newest.Revision}") { RetryAfterSeconds = 1 };
        }

        if (query.VersionMatch != "Exact" || wanted is null) return newest;
        return store.SnapshotAt(type.Collection, wanted.Value) ?? throw ApiErrors.TooOld(wanted.Value, store.CompactedRevision);
    }

    private JsonObject Body(ResourceType type, OutputForm form, ListQuery query, List<StoredObject> page, JsonObject metadata)
    {
        var objects = page.Select(stored => ObjectView.Json(stored, type));
        if (form.As == OutputForm.Table) return tables.Write(type, objects, metadata, query.IncludeObject);
        var items = form.IsMetadata
            ? objects.Select(json => (JsonNode)TableWriter.PartialMetadata(json))
            : objects.Select(json => (JsonNode)Item(json, type));
        return new JsonObject
        {
            ["kind"] = form.IsMetadata ? "PartialObjectMetadataList" : type.ListKind,
            ["apiVersion"] = form.IsMetadata ? "meta.k8s.io/v1" : type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. items]),
        };
    }

    /// <summary>Items of built-in lists come without kind and version, those of custom resources with.</summary>
    private static JsonObject Item(JsonObject json, ResourceType type)
    {
        var item = json.DeepClone().AsObject();
        if (type.IsCustom) return item;
        item.Remove("kind");
        item.Remove("apiVersion");
        return item;
    }
}
