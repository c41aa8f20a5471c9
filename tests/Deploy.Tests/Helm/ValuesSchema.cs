using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Deploy.Tests.Helm;

/// <summary>As much of JSON Schema as values.schema.json uses. An unknown keyword is an error, so nothing is passed over in silence.</summary>
internal static class ValuesSchema
{
    private static readonly string[] Notes = ["$schema", "title", "description"];

    /// <returns>One line for each thing that is wrong.</returns>
    public static IReadOnlyList<string> Problems(JsonNode? value) => [.. Check(value, Load(), "values")];

    public static JsonObject Load() => JsonNode.Parse(Repository.Read(HelmChart.Folder + "/values.schema.json"))!.AsObject();

    private static IEnumerable<string> Check(JsonNode? value, JsonObject schema, string path) =>
        schema.Where(keyword => !Notes.Contains(keyword.Key)).SelectMany(keyword => CheckKeyword(value, schema, keyword.Key, keyword.Value!, path));

    private static IEnumerable<string> CheckKeyword(JsonNode? value, JsonObject schema, string keyword, JsonNode rule, string path) => keyword switch
    {
        "type" => Say(Types(rule).Any(type => IsOf(value, type)), path, $"is not {rule.ToJsonString()}"),
        "enum" => Say(rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)), path, $"is none of {rule.ToJsonString()}"),
        "const" => Say(JsonNode.DeepEquals(rule, value), path, $"is not {rule.ToJsonString()}"),
        "anyOf" => Say(rule.AsArray().Any(option => !Check(value, option!.AsObject(), path).Any()), path, "fits no option"),
        "pattern" => Say(!IsOf(value, "string") || Regex.IsMatch((string)value!, (string)rule!), path, $"does not match {rule}"),
        "minimum" => Say(!IsOf(value, "number") || Number(value) >= Number(rule), path, $"is below {rule}"),
        "maximum" => Say(!IsOf(value, "number") || Number(value) <= Number(rule), path, $"is above {rule}"),
        "minLength" => Say(!IsOf(value, "string") || ((string)value!).Length >= Number(rule), path, "is too short"),
        "maxLength" => Say(!IsOf(value, "string") || ((string)value!).Length <= Number(rule), path, "is too long"),
        "maxItems" => Say(value is not JsonArray list || list.Count <= Number(rule), path, "has too many items"),
        "items" => value is JsonArray items ? items.SelectMany((item, index) => Check(item, rule.AsObject(), $"{path}[{index}]")) : [],
        "properties" => value is JsonObject map ? map.SelectMany(entry => rule[entry.Key] is { } inner ? Check(entry.Value, inner.AsObject(), $"{path}.{entry.Key}") : []) : [],
        "additionalProperties" => value is JsonObject map ? Additional(map, schema, rule, path) : [],
        _ => throw new NotSupportedException($"{path}: keyword {keyword}"),
    };

    private static IEnumerable<string> Additional(JsonObject map, JsonObject schema, JsonNode rule, string path)
    {
        var others = map.Where(entry => schema["properties"]?[entry.Key] is null);
        return rule is JsonObject inner
            ? others.SelectMany(entry => Check(entry.Value, inner, $"{path}.{entry.Key}"))
            : others.Where(_ => !(bool)rule).Select(entry => $"{path}.{entry.Key} is unknown");
    }

    private static IEnumerable<string> Say(bool holds, string path, string problem) => holds ? [] : [$"{path} {problem}"];

    private static IEnumerable<string> Types(JsonNode rule) => rule is JsonArray list ? list.Select(type => (string)type!) : [(string)rule!];

    private static double Number(JsonNode? node) => node!.GetValueKind() == System.Text.Json.JsonValueKind.Number ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : double.NaN;

    private static bool IsOf(JsonNode? value, string type) => (type, value?.GetValueKind()) switch
    {
        ("null", null or System.Text.Json.JsonValueKind.Null) => true,
        ("object", System.Text.Json.JsonValueKind.Object) or ("array", System.Text.Json.JsonValueKind.Array) or ("string", System.Text.Json.JsonValueKind.String) => true,
        ("boolean", System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) => true,
        ("number", System.Text.Json.JsonValueKind.Number) => true,
        ("integer", System.Text.Json.JsonValueKind.Number) => Number(value) == Math.Floor(Number(value)),
        _ => false,
    };
}
