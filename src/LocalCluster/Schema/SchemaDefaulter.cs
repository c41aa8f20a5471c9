using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>Fills in the defaults of a custom resource's schema, in place. A null where null is not allowed counts as absent.</summary>
internal static class SchemaDefaulter
{
    public static void Apply(JsonNode? value, TypeSchema schema)
    {
        if (value is JsonArray list && schema.Items is { } items)
        {
            foreach (var item in list) Apply(item, items);
        }

        if (value is not JsonObject map) return;
        foreach (var (name, field) in schema.Properties)
        {
            if (field.IsBuiltIn || !field.HasDefault) continue;
            if (map.TryGetPropertyValue(name, out var known) && (known is not null || field.IsNullable)) continue;
            map[name] = field.Default?.DeepClone();
        }

        foreach (var (name, child) in map.ToList())
        {
            if (schema.Field(name) is { IsBuiltIn: false } field) Apply(child, field);
        }
    }
}
