using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>Lays an applied configuration over the live object: maps and keyed lists merge, everything else is replaced.</summary>
internal static class ObjectMerge
{
    public static JsonObject Merge(JsonObject live, JsonObject config, TypeSchema schema) => MergeMaps(live, config, schema);

    private static JsonNode? MergeValues(JsonNode? live, JsonNode? config, TypeSchema schema) => (live, config) switch
    {
        (JsonObject was, JsonObject now) when !FieldSteps.IsLeaf(now, schema) => MergeMaps(was, now, schema),
        (JsonArray was, JsonArray now) when !FieldSteps.IsLeaf(now, schema) => MergeLists(was, now, schema),
        _ => config?.DeepClone(),
    };

    private static JsonObject MergeMaps(JsonObject live, JsonObject config, TypeSchema schema)
    {
        var result = live.DeepClone().AsObject();
        foreach (var (name, value) in config) result[name] = MergeValues(live[name], value, FieldSteps.FieldSchema(schema, name));
        return result;
    }

    private static JsonArray MergeLists(JsonArray live, JsonArray config, TypeSchema schema)
    {
        var wanted = FieldSteps.Items(config, schema);
        var byStep = wanted.ToDictionary(entry => entry.Step, entry => entry.Item);
        var result = new JsonArray();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (step, item) in FieldSteps.Items(live, schema))
        {
            kept.Add(step);
            result.Add(byStep.TryGetValue(step, out var now) ? MergeValues(item, now, FieldSteps.ItemSchema(schema)) : item?.DeepClone());
        }

        foreach (var (step, item) in wanted.Where(entry => !kept.Contains(entry.Step))) result.Add(item?.DeepClone());
        return result;
    }
}
