using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>Takes fields out of an object that their last owner no longer applies; what another manager owns below them stays.</summary>
internal static class FieldRemoval
{
    public static void Remove(JsonObject live, FieldSet gone, FieldSet ownedByOthers, TypeSchema schema) => FromMap(live, gone, ownedByOthers, false, schema);

    /// <param name="all">Whether everything here goes that <paramref name="keep"/> does not hold.</param>
    private static void FromMap(JsonObject map, FieldSet gone, FieldSet keep, bool all, TypeSchema schema)
    {
        foreach (var name in map.Select(pair => pair.Key).ToList())
        {
            var step = FieldSteps.ForField(name);
            var verdict = Decide(map[name], gone.Below(step), keep.Below(step), all, FieldSteps.FieldSchema(schema, name));
            if (verdict) map.Remove(name);
        }
    }

    private static void FromList(JsonArray list, FieldSet gone, FieldSet keep, bool all, TypeSchema schema)
    {
        foreach (var (step, item) in FieldSteps.Items(list, schema))
        {
            if (Decide(item, gone.Below(step), keep.Below(step), all, FieldSteps.ItemSchema(schema), KeyNames(item, schema))) list.Remove(item);
        }
    }

    /// <summary>The fields that tell an item apart are not taken from an item that stays.</summary>
    private static IReadOnlyList<string> KeyNames(JsonNode? item, TypeSchema schema) => item is JsonObject ? schema.ListKeys : [];

    private static bool Decide(JsonNode? value, FieldSet? gone, FieldSet? keep, bool all, TypeSchema schema, IReadOnlyList<string>? fixedNames = null)
    {
        var removing = all || (gone?.IsMember ?? false);
        if (removing && (keep is null || keep.IsEmpty)) return true;
        if (gone is null && !removing) return false;
        if (FieldSteps.IsLeaf(value, schema)) return false;

        var none = new FieldSet();
        var names = fixedNames ?? [];
        if (value is JsonObject map)
        {
            var held = names.Where(map.ContainsKey).ToDictionary(name => name, name => map[name]!.DeepClone());
            FromMap(map, gone ?? none, keep ?? none, removing, schema);
            if (map.Count == 0) return true;
            foreach (var (name, key) in held) map[name] ??= key;
            return false;
        }

        var list = value!.AsArray();
        FromList(list, gone ?? none, keep ?? none, removing, schema);
        return list.Count == 0;
    }
}
