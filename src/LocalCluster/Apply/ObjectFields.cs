using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>The set of fields an applied configuration mentions.</summary>
internal static class ObjectFields
{
    public static FieldSet Of(JsonObject config, TypeSchema schema)
    {
        var set = new FieldSet();
        Walk(config, schema, [], set);
        return set;
    }

    private static void Walk(JsonNode? value, TypeSchema schema, string[] path, FieldSet set)
    {
        if (FieldSteps.IsLeaf(value, schema))
        {
            if (path.Length > 0) set.Insert(path);
        }
        else if (value is JsonObject map)
        {
            WalkMap(map, schema, path, set);
        }
        else
        {
            foreach (var (step, item) in FieldSteps.Items(value!.AsArray(), schema))
            {
                string[] below = [.. path, step];
                if (item is JsonObject) Walk(item, FieldSteps.ItemSchema(schema), below, set);
                set.Insert(below);
            }
        }
    }

    private static void WalkMap(JsonObject map, TypeSchema schema, string[] path, FieldSet set)
    {
        foreach (var (name, child) in map)
        {
            string[] below = [.. path, FieldSteps.ForField(name)];
            Walk(child, FieldSteps.FieldSchema(schema, name), below, set);

            // A field of a struct is owned through its leaves; a key of a map, and an empty object, are owned themselves.
            if (child is null or JsonObject { Count: 0 } || !schema.Properties.ContainsKey(name)) set.Insert(below);
        }
    }
}
