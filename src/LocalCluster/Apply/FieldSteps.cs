using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Schema;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Apply;

/// <summary>How an object is cut into fields that can have different owners.</summary>
internal static class FieldSteps
{
    /// <summary>Whether a value is owned whole: a scalar, an atomic list or map, or data without a described shape.</summary>
    public static bool IsLeaf(JsonNode? value, TypeSchema schema) => value switch
    {
        JsonObject => schema.IsAtomicMap || (schema.IsBuiltIn && schema.IsFreeForm),
        JsonArray => schema.ListType is not ("set" or "map"),
        _ => true,
    };

    public static string ForField(string name) => "f:" + name;

    public static TypeSchema FieldSchema(TypeSchema schema, string name) => schema.Field(name) ?? TypeSchema.Unknown;

    public static TypeSchema ItemSchema(TypeSchema schema) => schema.Items ?? TypeSchema.Unknown;

    /// <summary>Items of a list under their steps, in order; of two with one step the first counts.</summary>
    public static List<(string Step, JsonNode? Item)> Items(JsonArray list, TypeSchema schema)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var items = new List<(string Step, JsonNode? Item)>();
        foreach (var item in list)
        {
            var step = schema.ListType == "map" ? KeyStep(item as JsonObject ?? [], schema) : "v:" + JsonText.ToText(item);
            if (seen.Add(step)) items.Add((step, item));
        }

        return items;
    }

    /// <summary>A path as conflicts print it: <c>.spec.ports[port=80,protocol="TCP"].name</c>.</summary>
    public static string Print(IEnumerable<string> path) => string.Concat(path.Select(PrintStep));

    private static string KeyStep(JsonObject item, TypeSchema schema)
    {
        var key = new JsonObject();
        foreach (var name in schema.ListKeys.Order(StringComparer.Ordinal))
        {
            if (item[name] is { } value) key[name] = value.DeepClone();
            else if (schema.Items?.Field(name)?.Default is { } preset) key[name] = preset.DeepClone();
            else if (schema.IsBuiltIn && name == "protocol") key[name] = "TCP"; // the one built-in list key that has a default
        }

        return "k:" + JsonText.ToText(key);
    }

    private static string PrintStep(string step) => step[..2] switch
    {
        "f:" => "." + step[2..],
        "k:" => "[" + string.Join(",", JsonNode.Parse(step[2..])!.AsObject().Select(pair => $"{pair.Key}={JsonText.ToText(pair.Value)}")) + "]",
        "v:" => $"[={step[2..]}]",
        _ => $"[{step[2..]}]",
    };
}
