using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Discovery;

/// <summary>Gathers the schemas of kinds and all they refer to, with references written for one OpenAPI version.</summary>
internal sealed class SchemaCollection(SchemaCatalog catalog, string referencePrefix)
{
    private const string Metadata = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private const string Gvk = "x-kubernetes-group-version-kind";

    public JsonObject Json { get; } = [];

    public void Add(ResourceType type)
    {
        if (!type.IsCustom)
        {
            AddDefinition(type.DefinitionName);
        }
        else if (!Json.ContainsKey(type.DefinitionName))
        {
            Json[type.DefinitionName] = Custom(type);
            AddDefinition(Metadata);
        }

        // The kind as it is served, which for a few built-in kinds is under a newer version than their definition is named for.
        Json[type.DefinitionName]![Gvk] = new JsonArray(new JsonObject { ["group"] = type.Group, ["kind"] = type.Kind, ["version"] = type.Version });
    }

    private JsonObject Custom(ResourceType type)
    {
        var schema = type.Schema.Source.DeepClone().AsObject();
        var fields = schema["properties"] as JsonObject;
        if (fields is null) schema["properties"] = fields = [];
        fields["apiVersion"] = new JsonObject { ["type"] = "string" };
        fields["kind"] = new JsonObject { ["type"] = "string" };
        fields["metadata"] = new JsonObject { ["$ref"] = referencePrefix + Metadata };
        return schema;
    }

    private void AddDefinition(string name)
    {
        if (Json.ContainsKey(name)) return;
        var copy = catalog.Definitions[name]!.DeepClone();
        Json[name] = copy;
        Rewrite(copy);
    }

    private void Rewrite(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Rewrite(item);
        }

        if (node is not JsonObject map) return;
        map.Remove("x-protobuf");
        if (map["$ref"] is JsonValue reference && reference.TryGetValue(out string? target))
        {
            map["$ref"] = referencePrefix + target;
            AddDefinition(target);
        }

        foreach (var (_, child) in map.ToList()) Rewrite(child);
    }
}
