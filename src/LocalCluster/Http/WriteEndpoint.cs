using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;
using GitOpsSecrets.LocalCluster.Webhooks;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary>POST, PUT and PATCH of objects.</summary>
internal sealed class WriteEndpoint(ObjectWriter writer, ValidatingWebhooks webhooks, ObjectResponse response)
{
    public async Task CreateAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        if (request.Name.Length > 0) throw ApiErrors.MethodNotAllowed();
        var options = Options(context, request);
        var sent = await RequestBody.ReadObjectAsync(context, type.Kind, cancellationToken);
        var created = await AdmitAsync(type, "CREATE", options, how => writer.Create(type, request.Namespace, sent.DeepClone().AsObject(), how), cancellationToken);
        await AnswerAsync(context, 201, type, created, options, cancellationToken);
    }

    public async Task UpdateAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var options = Options(context, request);
        var sent = await RequestBody.ReadObjectAsync(context, type.Kind, cancellationToken);
        var key = new ObjectKey(request.Namespace, request.Name);
        var updated = await AdmitAsync(type, "UPDATE", options, how => writer.Update(type, key, _ => sent.DeepClone().AsObject(), how), cancellationToken);
        await AnswerAsync(context, 200, type, updated, options, cancellationToken);
    }

    public async Task PatchAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var type = request.Type!;
        var options = Options(context, request);
        var key = new ObjectKey(request.Namespace, request.Name);
        var media = RequestBody.MediaType(context.Request);
        if (media is "application/apply-patch+yaml")
        {
            await ApplyAsync(context, type, key, options, cancellationToken);
            return;
        }

        if (context.Request.Query["force"].ToString() == "true") throw ApiErrors.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
        var text = await RequestBody.ReadTextAsync(context, cancellationToken);
        var patch = PatchBody.Read(media, text, type);
        var patched = await AdmitAsync(type, "UPDATE", options, how => writer.Update(type, key, patch, how), cancellationToken);
        await AnswerAsync(context, 200, type, patched, options, cancellationToken);
    }

    private async Task ApplyAsync(HttpContext context, ResourceType type, ObjectKey key, WriteOptions options, CancellationToken cancellationToken)
    {
        if (context.Request.Query["fieldManager"].ToString().Length == 0)
        {
            var error = FieldError.Required("fieldManager", "is required for apply patch");
            throw new ApiException(422, "Invalid", $"PatchOptions.meta.k8s.io \"\" is invalid: {error.Field}: {error.Message}")
            {
                Group = "meta.k8s.io",
                Kind = "PatchOptions",
                Causes = [new StatusCause(error.Reason, error.Message, error.Field)],
            };
        }

        var text = await RequestBody.ReadTextAsync(context, cancellationToken);
        var node = text.TrimStart().StartsWith('{') ? RequestBody.ParseJson(text, type.Kind) : RequestBody.ParseYaml(text);
        var config = node as JsonObject ?? throw ApiErrors.BadRequest("error decoding YAML: not an object");
        if (config["kind"] is null || config["apiVersion"] is null) throw ApiErrors.BadRequest("invalid object type: apiVersion and kind must be set");
        var force = context.Request.Query["force"].ToString() == "true";
        var operation = writer.Exists(type, key) ? "UPDATE" : "CREATE";
        var (applied, created) = await webhooks.AdmitAsync(
            type, operation, options, how => writer.Apply(type, key, config.DeepClone().AsObject(), force, how), outcome => outcome.Object, cancellationToken);
        await AnswerAsync(context, created ? 201 : 200, type, applied, options, cancellationToken);
    }

    private Task<StoredObject> AdmitAsync(ResourceType type, string operation, WriteOptions options, Func<WriteOptions, StoredObject> write, CancellationToken cancellationToken) =>
        webhooks.AdmitAsync(type, operation, options, write, written => written, cancellationToken);

    private Task AnswerAsync(HttpContext context, int code, ResourceType type, StoredObject stored, WriteOptions options, CancellationToken cancellationToken)
    {
        foreach (var warning in options.Warnings) context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        return response.WriteAsync(context, code, type, stored, cancellationToken);
    }

    internal static WriteOptions Options(HttpContext context, ApiRequest request)
    {
        var query = context.Request.Query;
        var manager = query["fieldManager"].ToString();
        if (manager.Length > 128) throw ApiErrors.BadRequest("fieldManager: Too long: must have at most 128 characters");
        if (manager.Length == 0) manager = context.Request.Headers.UserAgent.ToString().Split('/')[0];
        var dryRun = query["dryRun"].ToString();
        if (dryRun is not ("" or "All")) throw ApiErrors.BadRequest($"CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"{dryRun}\"]: supported values: \"All\"");
        var validation = query["fieldValidation"].ToString();
        return new WriteOptions(manager.Length == 0 ? "unknown" : manager, dryRun == "All", validation.Length == 0 ? "Warn" : validation, request.Subresource);
    }
}
