using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Resources;

internal static class ConfigMapRules
{
    private const string Immutable = "field is immutable when `immutable` is set";

    public static ResourceRules Rules { get; } = new(Check: Check);

    private static void Check(JsonObject? old, JsonObject map, List<FieldError> errors)
    {
        DataKeys.Check("data", map["data"] as JsonObject ?? [], errors);
        DataKeys.Check("binaryData", map["binaryData"] as JsonObject ?? [], errors);
        if (old?["immutable"]?.GetValue<bool>() != true) return;
        if (map["immutable"]?.GetValue<bool>() != true) errors.Add(FieldError.Forbidden("immutable", Immutable));
        foreach (var field in (string[])["data", "binaryData"])
        {
            if (!JsonNode.DeepEquals(old[field] ?? new JsonObject(), map[field] ?? new JsonObject())) errors.Add(FieldError.Forbidden(field, Immutable));
        }
    }
}
