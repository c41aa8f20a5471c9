using System.Globalization;
using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Resources;

namespace GitOpsSecrets.LocalCluster.Tables;

/// <summary>Objects as rows of a <c>meta.k8s.io/v1 Table</c>, which is what <c>kubectl get</c> asks for.</summary>
internal sealed class TableWriter(TimeProvider time)
{
    /// <param name="includeObject"><c>None</c>, <c>Metadata</c> or <c>Object</c>.</param>
    public JsonObject Write(ResourceType type, IEnumerable<JsonObject> objects, JsonObject metadata, string includeObject, bool withColumns = true)
    {
        var rows = objects.Select(json => (JsonNode)Row(type, json, includeObject)).ToArray();
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = withColumns ? new JsonArray([.. type.Columns.Select(Column)]) : null,
            ["rows"] = new JsonArray(rows),
        };
    }

    public static JsonObject PartialMetadata(JsonObject json) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = json["metadata"]!.DeepClone(),
    };

    private static JsonNode Column(PrinterColumn column) => new JsonObject
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format == "name" ? "name" : "",
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private JsonObject Row(ResourceType type, JsonObject json, string includeObject)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. type.Columns.Select(column => Cell(column, json))]) };
        row["object"] = includeObject switch
        {
            "None" => null,
            "Object" => json.DeepClone(),
            _ => PartialMetadata(json),
        };
        return row;
    }

    private JsonNode? Cell(PrinterColumn column, JsonObject json)
    {
        var found = Values(column.Path, json);
        if (column.Format == "age" || (column.Type == "date" && column.Format != "time")) return Age(found.Count > 0 ? found[0] : "");
        if (column.Type is "integer") return found.Count > 0 && long.TryParse(found[0], CultureInfo.InvariantCulture, out var number) ? number : column.Path.StartsWith("len:", StringComparison.Ordinal) ? 0 : null;
        return found.Count == 0 ? null : string.Join(",", found);
    }

    private static List<string> Values(string path, JsonObject json)
    {
        if (path.StartsWith("len:", StringComparison.Ordinal)) return [Count(JsonPath.Find(json, path[4..])).ToString(CultureInfo.InvariantCulture)];
        if (path.StartsWith("first:", StringComparison.Ordinal)) return path[6..].Split('|').Select(one => Values(one, json)).FirstOrDefault(values => values.Count > 0) ?? [];
        if (path.StartsWith("ratio:", StringComparison.Ordinal)) return [string.Join("/", path[6..].Split('|').Select(one => Values(one, json).FirstOrDefault() ?? "0"))];
        return [.. JsonPath.Find(json, path).Select(node => node is JsonValue ? node.ToString() : node.ToJsonString())];
    }

    private static int Count(IReadOnlyList<JsonNode> found) => found.Count == 0 ? 0 : found[0] switch
    {
        JsonObject map => map.Count,
        JsonArray list => list.Count,
        _ => 1,
    };

    private string Age(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var since) ? HumanDuration.Print(time.GetUtcNow() - since) : "<unknown>";
}
