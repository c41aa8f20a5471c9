using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Objects;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary><c>…/scale</c>: how many there are to be, as a Scale of <c>autoscaling/v1</c>, whatever the kind.</summary>
internal sealed class ScaleEndpoint(ObjectStore store, ObjectWriter writer)
{
    private static readonly string[] Identity = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"];

    public async Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken cancellationToken)
    {
        var (type, key) = (request.Type!, new ObjectKey(request.Namespace, request.Name));
        var stored = request.Verb switch
        {
            "get" => store.Find(type.Collection, key) ?? throw ApiErrors.NotFound(type, request.Name),
            "update" => Write(type, key, await ReadAsync(context, cancellationToken), WriteEndpoint.Options(context, request)),
            "patch" => Write(type, key, await ReadPatchAsync(context, type, cancellationToken), WriteEndpoint.Options(context, request)),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
        await JsonResponses.WriteAsync(context, 200, Of(ObjectView.Json(stored, type), type.Scale!), cancellationToken);
    }

    private static async Task<Func<JsonObject, JsonObject>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var sent = await RequestBody.ReadObjectAsync(context, "Scale", cancellationToken);
        return _ => sent;
    }

    private static async Task<Func<JsonObject, JsonObject>> ReadPatchAsync(HttpContext context, ResourceType type, CancellationToken cancellationToken) =>
        PatchBody.Read(RequestBody.MediaType(context.Request), await RequestBody.ReadTextAsync(context, cancellationToken), type);

    private StoredObject Write(ResourceType type, ObjectKey key, Func<JsonObject, JsonObject> change, WriteOptions options) => writer.Update(type, key, current =>
    {
        var wanted = change(Of(current, type.Scale!));
        foreach (var name in (string[])["uid", "resourceVersion"])
        {
            if (wanted["metadata"]?[name] is { } expected) current["metadata"]![name] = expected.DeepClone();
        }

        Set(current, type.Scale!.Wanted, Replicas(wanted, key.Name));
        return current;
    }, options);

    private static int Replicas(JsonObject scale, string name)
    {
        if (scale["spec"]?["replicas"] is not { } node) return 0;
        if (node is not JsonValue value || !value.TryGetValue(out int replicas)) throw ApiErrors.BadRequest("Scale in version \"v1\" cannot be handled as a Scale: spec.replicas is no number");
        if (replicas >= 0) return replicas;
        var error = FieldError.Invalid("spec.replicas", replicas.ToString(CultureInfo.InvariantCulture), "must be greater than or equal to 0");
        throw new ApiException(422, "Invalid", $"Scale.autoscaling \"{name}\" is invalid: {error.Field}: {error.Message}")
        {
            Group = "autoscaling",
            Kind = "Scale",
            Name = name,
            Causes = [new StatusCause(error.Reason, error.Message, error.Field)],
        };
    }

    private static JsonObject Of(JsonObject item, ScaleFields fields)
    {
        var status = new JsonObject { ["replicas"] = Find(item, fields.Present)?.DeepClone() ?? 0 };
        if (Selector(item, fields) is { Length: > 0 } selector) status["selector"] = selector;
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject(Identity.Where(name => item["metadata"]![name] is not null).Select(name => KeyValuePair.Create(name, item["metadata"]![name]?.DeepClone()))),
            ["spec"] = new JsonObject { ["replicas"] = Find(item, fields.Wanted)?.DeepClone() ?? 0 },
            ["status"] = status,
        };
    }

    /// <summary>As text; of a workload its labels, in the order of their names.</summary>
    private static string Selector(JsonObject item, ScaleFields fields)
    {
        if (fields.Selector is { } path) return path.Length == 0 ? "" : (string?)Find(item, path) ?? "";
        var selector = item["spec"]?["selector"] as JsonObject;
        var labels = selector?["matchLabels"] as JsonObject ?? (selector?["matchExpressions"] is null ? selector : null);
        return string.Join(',', (labels ?? []).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
    }

    private static JsonNode? Find(JsonNode? node, string[] path) => path.Aggregate(node, (at, step) => (at as JsonObject)?[step]);

    private static void Set(JsonObject item, string[] path, int value)
    {
        foreach (var step in path[..^1]) item = item[step] as JsonObject ?? (JsonObject)(item[step] = new JsonObject())!;
        item[path[^1]] = value;
    }
}
