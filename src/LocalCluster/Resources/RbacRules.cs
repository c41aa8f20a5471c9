using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Resources;

internal static class RbacRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public static ResourceRules Role { get; } = new((_, role) => role["rules"] ??= new JsonArray());

    public static ResourceRules Binding { get; } = new(PrepareBinding, CheckBinding);

    private static void PrepareBinding(JsonObject? old, JsonObject binding)
    {
        if (binding["roleRef"] is JsonObject role && role["apiGroup"] is null) role["apiGroup"] = Group;
        foreach (var subject in binding["subjects"] as JsonArray ?? [])
        {
            if (subject is JsonObject named && named["kind"]?.GetValue<string>() is "User" or "Group") subject["apiGroup"] ??= Group;
        }
    }

    private static void CheckBinding(JsonObject? old, JsonObject binding, List<FieldError> errors)
    {
        if (binding["roleRef"]?["name"] is null) errors.Add(FieldError.Required("roleRef.name", ""));
        if (old is null || JsonNode.DeepEquals(old["roleRef"], binding["roleRef"])) return;
        errors.Add(FieldError.Invalid("roleRef", JsonText.ToText(binding["roleRef"]), "cannot change roleRef"));
    }
}
