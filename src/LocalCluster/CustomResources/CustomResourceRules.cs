using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.CustomResources;

/// <summary>CustomResourceDefinitions: names filled in, structure checked, established at once (a real server takes a moment).</summary>
internal static class CustomResourceRules
{
    public const string Group = "apiextensions.k8s.io";
    public const string Collection = "customresourcedefinitions." + Group;
    public const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    public static ResourceRules Rules { get; } = new(Prepare, Check);

    private static void Prepare(JsonObject? old, JsonObject definition)
    {
        if (definition["spec"] is not JsonObject spec) return;
        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        if (spec["names"] is not JsonObject names || names["kind"] is null || names["plural"] is null) return;
        names["singular"] ??= names["kind"]!.GetValue<string>().ToLowerInvariant();
        names["listKind"] ??= names["kind"]!.GetValue<string>() + "List";
        if (old is null) AddFinalizer(definition["metadata"]!.AsObject());
        definition["status"] = Status(old, definition, spec, names);
    }

    private static void AddFinalizer(JsonObject metadata)
    {
        var finalizers = metadata["finalizers"] as JsonArray;
        if (finalizers is null) metadata["finalizers"] = finalizers = [];
        if (!finalizers.Any(name => name!.GetValue<string>() == Cleanup)) finalizers.Add(Cleanup);
    }

    private static JsonObject Status(JsonObject? old, JsonObject definition, JsonObject spec, JsonObject names)
    {
        var storage = Versions(spec).Where(version => version["storage"]?.GetValue<bool>() == true).Select(version => version["name"]!.GetValue<string>());
        var stored = (old?["status"]?["storedVersions"] as JsonArray ?? []).Select(version => version!.GetValue<string>());
        return new JsonObject
        {
            ["acceptedNames"] = names.DeepClone(),
            ["conditions"] = old?["status"]?["conditions"]?.DeepClone() ?? Conditions(definition),
            ["storedVersions"] = new JsonArray([.. stored.Union(storage).Select(version => (JsonNode)version)]),
        };
    }

    private static JsonArray Conditions(JsonObject definition)
    {
        var since = definition["metadata"]?["creationTimestamp"]?.GetValue<string>();
        return
        [
            new JsonObject { ["type"] = "NamesAccepted", ["status"] = "True", ["reason"] = "NoConflicts", ["message"] = "no conflicts found", ["lastTransitionTime"] = since },
            new JsonObject { ["type"] = "Established", ["status"] = "True", ["reason"] = "InitialNamesAccepted", ["message"] = "the initial names have been accepted", ["lastTransitionTime"] = since },
        ];
    }

    private static void Check(JsonObject? old, JsonObject definition, List<FieldError> errors)
    {
        if (definition["spec"] is not JsonObject spec)
        {
            errors.Add(FieldError.Required("spec", ""));
            return;
        }

        foreach (var field in (string[])["group", "scope", "names", "versions"])
        {
            if (spec[field] is null) errors.Add(FieldError.Required("spec." + field, ""));
        }

        if (errors.Count > 0) return;
        var expected = $"{spec["names"]?["plural"]}.{spec["group"]}";
        var name = definition["metadata"]!["name"]!.GetValue<string>();
        if (name != expected) errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", "must be spec.names.plural+\".\"+spec.group"));
        if (spec["scope"]!.GetValue<string>() is not ("Namespaced" or "Cluster")) errors.Add(FieldError.NotSupported("spec.scope", $"\"{spec["scope"]}\"", ["\"Cluster\"", "\"Namespaced\""]));
        if (Versions(spec).Count(version => version["storage"]?.GetValue<bool>() == true) != 1) errors.Add(FieldError.Invalid("spec.versions", "[]", "must have exactly one version marked as storage version"));
        CheckSchemas(spec, errors);
    }

    private static void CheckSchemas(JsonObject spec, List<FieldError> errors)
    {
        var versions = Versions(spec).ToList();
        for (var i = 0; i < versions.Count; i++)
        {
            var path = $"spec.versions[{i}].schema.openAPIV3Schema";
            if (versions[i]["schema"]?["openAPIV3Schema"] is not JsonObject schema) errors.Add(FieldError.Required(path, "schemas are required"));
            else if (schema["type"]?.GetValue<string>() != "object") errors.Add(FieldError.Invalid(path + ".type", $"\"{schema["type"]}\"", "must be object at the root"));
        }
        // As a real server: what is the same in all versions moves to spec, where selectable fields without a schema are refused.
        if (versions[0]["selectableFields"] is not null && Same("selectableFields") && !Same("schema"))
        {
            errors.Add(FieldError.Invalid("spec.selectableFields", "\"\"", "may only be set when validations.schema is included"));
        }

        bool Same(string part) => versions.All(version => JsonNode.DeepEquals(version[part], versions[0][part]));
    }

    private static IEnumerable<JsonObject> Versions(JsonObject spec) => (spec["versions"] as JsonArray ?? []).OfType<JsonObject>();
}
