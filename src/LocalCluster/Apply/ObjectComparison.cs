using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>Which fields differ between two versions of an object.</summary>
internal sealed class ObjectComparison
{
    public FieldSet Added { get; } = new();

    public FieldSet Modified { get; } = new();

    public FieldSet Removed { get; } = new();

    public static ObjectComparison Of(JsonObject before, JsonObject after, TypeSchema schema)
    {
        var comparison = new ObjectComparison();
        comparison.CompareMaps(before, after, schema, []);
        return comparison;
    }

    public void Cut(IReadOnlyList<string> path)
    {
        Added.Cut(path);
        Modified.Cut(path);
        Removed.Cut(path);
    }

    private void Compare(JsonNode? before, bool had, JsonNode? after, bool has, TypeSchema schema, IReadOnlyList<string> path)
    {
        if (before is JsonObject or null && after is JsonObject or null && !IsLeafPair(before, after, schema))
        {
            CompareMaps(before as JsonObject ?? [], after as JsonObject ?? [], schema, path);
        }
        else if (before is JsonArray or null && after is JsonArray or null && !IsLeafPair(before, after, schema))
        {
            CompareLists(before as JsonArray ?? [], after as JsonArray ?? [], schema, path);
        }
        else if (had && has && !JsonNode.DeepEquals(before, after))
        {
            Modified.Insert(path);
        }

        // A container that appears or goes is itself a field, beside what is in it.
        if (!had) Added.Insert(path);
        if (!has) Removed.Insert(path);
    }

    private static bool IsLeafPair(JsonNode? before, JsonNode? after, TypeSchema schema)
    {
        if (IsNothing(before) && IsNothing(after)) return true;
        return before is not null ? FieldSteps.IsLeaf(before, schema) : FieldSteps.IsLeaf(after, schema);
    }

    private static bool IsNothing(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private void CompareMaps(JsonObject before, JsonObject after, TypeSchema schema, IReadOnlyList<string> path)
    {
        foreach (var name in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)))
        {
            var had = before.TryGetPropertyValue(name, out var was);
            var has = after.TryGetPropertyValue(name, out var now);
            Compare(was, had, now, has, FieldSteps.FieldSchema(schema, name), [.. path, FieldSteps.ForField(name)]);
        }
    }

    private void CompareLists(JsonArray before, JsonArray after, TypeSchema schema, IReadOnlyList<string> path)
    {
        var was = FieldSteps.Items(before, schema).ToDictionary(entry => entry.Step, entry => entry.Item);
        var now = FieldSteps.Items(after, schema).ToDictionary(entry => entry.Step, entry => entry.Item);
        foreach (var step in was.Keys.Union(now.Keys))
        {
            var had = was.TryGetValue(step, out var old);
            var has = now.TryGetValue(step, out var item);
            Compare(old, had, item, has, FieldSteps.ItemSchema(schema), [.. path, step]);
        }
    }
}
