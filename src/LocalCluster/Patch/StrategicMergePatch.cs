using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Patch;

/// <summary>
/// Strategic merge patch for built-in kinds: lists with a merge key merge item by item, with the directives <c>$patch</c>,
/// <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c> and <c>$retainKeys</c>.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string DeletePrimitives = "$deleteFromPrimitiveList/";
    private const string ElementOrder = "$setElementOrder/";
    private const string RetainKeys = "$retainKeys";

    /// <exception cref="PatchException">A directive that is none, or a list item without its merge key.</exception>
    public static JsonObject Apply(JsonObject document, JsonObject patch, TypeSchema schema)
    {
        var result = document.DeepClone().AsObject();
        return MergeMap(result, patch, schema);
    }

    private static JsonObject MergeMap(JsonObject target, JsonObject patch, TypeSchema schema)
    {
        switch (patch[Directive]?.GetValue<string>())
        {
            case "replace":
                var replacement = patch.DeepClone().AsObject();
                replacement.Remove(Directive);
                return replacement;
            case "delete": return [];
            case null or "merge": break;
            default: throw new PatchException($"Unknown patch type found: {patch[Directive]}");
        }

        if (patch[RetainKeys] is JsonArray retained)
        {
            var names = retained.Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
            foreach (var name in target.Select(pair => pair.Key).Where(name => !names.Contains(name)).ToList()) target.Remove(name);
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeletePrimitives, StringComparison.Ordinal)) DeleteItems(target, name[DeletePrimitives.Length..], value);
            else if (!name.StartsWith('$')) MergeField(target, name, value, schema.Field(name) ?? TypeSchema.Unknown);
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(ElementOrder, StringComparison.Ordinal)) Reorder(target, name[ElementOrder.Length..], value, schema);
        }

        return target;
    }

    private static void MergeField(JsonObject target, string name, JsonNode? value, TypeSchema schema)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else if (value is JsonObject map)
        {
            var below = target[name] is JsonObject known ? known.DeepClone().AsObject() : [];
            target[name] = MergeMap(below, map, schema);
        }
        else if (value is JsonArray list && schema.MergesAsPatch)
        {
            target[name] = MergeList(target[name] as JsonArray ?? [], list, schema);
        }
        else
        {
            target[name] = value.DeepClone();
        }
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, TypeSchema schema)
    {
        if (schema.PatchMergeKey is not { } key) return MergeScalars(target, patch);
        if (patch.OfType<JsonObject>().Any(item => item.Count == 1 && item[Directive]?.GetValue<string>() == "replace"))
        {
            return new JsonArray([.. patch.Where(item => item?[Directive] is null).Select(item => item?.DeepClone())]);
        }

        var result = new JsonArray([.. target.Select(item => item?.DeepClone())]);
        foreach (var item in patch)
        {
            if (item is not JsonObject change || change[key] is not { } id) throw new PatchException($"map: does not contain declared merge key: {key}");
            var at = IndexOf(result, key, id);
            if (change[Directive]?.GetValue<string>() == "delete")
            {
                if (at >= 0) result.RemoveAt(at);
            }
            else if (at >= 0)
            {
                result[at] = MergeMap(result[at]!.DeepClone().AsObject(), change, schema.Items ?? TypeSchema.Unknown);
            }
            else
            {
                result.Add(MergeMap([], change, schema.Items ?? TypeSchema.Unknown));
            }
        }

        return result;
    }

    private static JsonArray MergeScalars(JsonArray target, JsonArray patch)
    {
        var result = new JsonArray([.. target.Select(item => item?.DeepClone())]);
        foreach (var item in patch)
        {
            if (!result.Any(known => JsonNode.DeepEquals(known, item))) result.Add(item?.DeepClone());
        }

        return result;
    }

    private static int IndexOf(JsonArray list, string key, JsonNode id)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject item && JsonNode.DeepEquals(item[key], id)) return i;
        }

        return -1;
    }

    private static void DeleteItems(JsonObject target, string name, JsonNode? values)
    {
        if (target[name] is not JsonArray list || values is not JsonArray gone) return;
        var kept = list.Where(item => !gone.Any(value => JsonNode.DeepEquals(value, item))).Select(item => item?.DeepClone()).ToArray();
        target[name] = new JsonArray(kept);
    }

    private static void Reorder(JsonObject target, string name, JsonNode? order, TypeSchema schema)
    {
        if (target[name] is not JsonArray list || order is not JsonArray wanted) return;
        var key = schema.Field(name)?.PatchMergeKey;
        int Rank(JsonNode? item)
        {
            var id = key is null ? item : item?[key];
            for (var i = 0; i < wanted.Count; i++)
            {
                if (JsonNode.DeepEquals(key is null ? wanted[i] : wanted[i]?[key], id)) return i;
            }

            return wanted.Count;
        }

        target[name] = new JsonArray([.. list.OrderBy(Rank).Select(item => item?.DeepClone())]);
    }
}
