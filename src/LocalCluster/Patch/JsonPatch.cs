using System.Globalization;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Patch;

/// <summary>RFC 6902.</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    /// <exception cref="PatchException">An operation that does not hold on this document, or is none.</exception>
    public static JsonObject Apply(JsonObject document, JsonArray operations)
    {
        if (operations.Count > MaxOperations) throw new PatchException($"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        JsonNode? root = document.DeepClone();
        foreach (var operation in operations)
        {
            if (operation is not JsonObject step) throw new PatchException("json: cannot unmarshal into Go value of type jsonpatch.Operation");
            root = ApplyOne(root, step);
        }

        return root as JsonObject ?? throw new PatchException("the patched document is not an object");
    }

    private static JsonNode? ApplyOne(JsonNode? root, JsonObject step)
    {
        var path = Pointer(step, "path");
        switch (step["op"]?.GetValue<string>())
        {
            case "add": return Add(root, path, Value(step));
            case "remove": return Remove(root, path);
            case "replace":
                Get(root, path, "replace");
                return path.Count == 0 ? Value(step) : Replace(root, path, Value(step));
            case "move":
                var moved = Get(root, Pointer(step, "from"), "move")?.DeepClone();
                return Add(Remove(root, Pointer(step, "from")), path, moved);
            case "copy": return Add(root, path, Get(root, Pointer(step, "from"), "copy")?.DeepClone());
            case "test":
                if (!JsonNode.DeepEquals(Get(root, path, "test", missingIsNull: true), Value(step))) throw new PatchException($"testing value {Text(path)} failed: test failed");
                return root;
            default: throw new PatchException("Unexpected kind: " + (step["op"]?.ToString() ?? "unknown"));
        }
    }

    private static JsonNode? Value(JsonObject step) => step["value"]?.DeepClone();

    private static JsonNode? Add(JsonNode? root, List<string> path, JsonNode? value)
    {
        if (path.Count == 0) return value;
        switch (Get(root, [.. path.SkipLast(1)], "add"))
        {
            case JsonObject map: map[path[^1]] = value; break;
            case JsonArray list when path[^1] == "-": list.Add(value); break;
            case JsonArray list: list.Insert(Index(path[^1], list.Count), value); break;
            default: throw Missing("add", path);
        }

        return root;
    }

    private static JsonNode? Replace(JsonNode? root, List<string> path, JsonNode? value)
    {
        switch (Get(root, [.. path.SkipLast(1)], "replace"))
        {
            case JsonObject map: map[path[^1]] = value; break;
            case JsonArray list: list[Index(path[^1], list.Count - 1)] = value; break;
            default: throw Missing("replace", path);
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, List<string> path)
    {
        Get(root, path, "remove");
        if (path.Count == 0) return null;
        switch (Get(root, [.. path.SkipLast(1)], "remove"))
        {
            case JsonObject map: map.Remove(path[^1]); break;
            case JsonArray list: list.RemoveAt(Index(path[^1], list.Count - 1)); break;
            default: throw Missing("remove", path);
        }

        return root;
    }

    private static JsonNode? Get(JsonNode? root, List<string> path, string operation, bool missingIsNull = false)
    {
        var node = root;
        foreach (var step in path)
        {
            if (node is JsonObject map && map.TryGetPropertyValue(step, out var field)) node = field;
            else if (node is JsonArray list && list.Count > 0 && step != "-") node = list[Index(step, list.Count - 1)];
            else if (missingIsNull) return null;
            else throw Missing(operation, path);
        }

        return node;
    }

    private static PatchException Missing(string operation, List<string> path) => operation switch
    {
        "add" => new($"add operation does not apply: doc is missing path: \"{Text(path)}\": missing value"),
        "remove" => new($"remove operation does not apply: doc is missing path: \"{Text(path)}\": missing value"),
        "replace" => new($"replace operation does not apply: doc is missing key: {Text(path)}: missing value"),
        _ => new($"{operation} operation does not apply: doc is missing path: {Text(path)}: missing value"),
    };

    private static int Index(string step, int highest)
    {
        if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > highest)
        {
            throw new PatchException($"Unable to access invalid index: {step}: invalid index referenced");
        }

        return index;
    }

    private static List<string> Pointer(JsonObject step, string name)
    {
        var text = step[name]?.GetValue<string>() ?? throw new PatchException($"operation is missing {name} field");
        if (text.Length == 0) return [];
        return [.. text.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static string Text(IEnumerable<string> path) => "/" + string.Join("/", path);
}
