using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

internal sealed class DeleteEndpoint(ObjectStore store, ObjectWriter writer, ObjectResponse response)
{
    public async Task DeleteAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var options = await OptionsAsync(context, cancellationToken);
        var (deleted, gone) = writer.Delete(type, new ObjectKey(request.Namespace, request.Name), options);
        if (!gone)
        {
            await response.WriteAsync(context, 200, type, deleted, cancellationToken);
            return;
        }

        var details = new JsonObject { ["name"] = request.Name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        details["uid"] = deleted.Uid;
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
        await JsonResponses.WriteAsync(context, 200, status, cancellationToken);
    }

    public async Task DeleteCollectionAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var options = await OptionsAsync(context, cancellationToken);
        var query = ListQuery.Read(context.Request, type, "");
        var items = new JsonArray();
        foreach (var stored in store.Snapshot(type.Collection).In(request.Namespace).Where(query.Matches)) TryDelete(type, stored, options, items);
        var list = new JsonObject
        {
            ["kind"] = type.ListKind,
            ["apiVersion"] = type.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = store.Revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = items,
        };
        await JsonResponses.WriteAsync(context, 200, list, cancellationToken);
    }

    private void TryDelete(ResourceType type, StoredObject stored, DeleteOptions options, JsonArray items)
    {
        try
        {
            items.Add(ObjectView.Copy(writer.Delete(type, stored.Key, options).Object, type));
        }
        catch (ApiException e) when (e.Code == 404)
        {
            // Somebody else deleted it meanwhile: that is what was asked for.
        }
    }

    private static async Task<DeleteOptions> OptionsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadOptionalAsync(context, "DeleteOptions", cancellationToken);
        var policy = context.Request.Query["propagationPolicy"].ToString();
        return DeleteOptions.Read(body, policy.Length == 0 ? null : policy, context.Request.Query["dryRun"].ToString() == "All");
    }
}
