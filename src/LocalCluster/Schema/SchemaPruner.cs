using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>Takes out of a custom resource what its schema does not know, unless the schema keeps it.</summary>
internal static class SchemaPruner
{
    /// <summary>Prunes in place.</summary>
    /// <returns>Paths of what was taken out.</returns>
    public static IReadOnlyList<string> Prune(JsonObject resource, TypeSchema schema)
    {
        var dropped = new List<string>();
        PruneMap(resource, schema, "", true, dropped);
        return dropped;
    }

    private static void PruneValue(JsonNode? value, TypeSchema schema, string path, List<string> dropped)
    {
        if (value is JsonObject map) PruneMap(map, schema, path, schema.IsEmbeddedResource, dropped);
        if (value is not JsonArray list || schema.Items is not { } items) return;
        for (var i = 0; i < list.Count; i++) PruneValue(list[i], items, $"{path}[{i}]", dropped);
    }

    private static void PruneMap(JsonObject map, TypeSchema schema, string path, bool isResource, List<string> dropped)
    {
        foreach (var name in map.Select(pair => pair.Key).ToList())
        {
            if (isResource && name is "apiVersion" or "kind" or "metadata") continue;
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Field(name) is { } field)
            {
                PruneValue(map[name], field, below, dropped);
                continue;
            }

            map.Remove(name);
            dropped.Add(below);
        }
    }
}
