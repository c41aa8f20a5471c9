using System.Text.Json;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>What kind of JSON a value is, in the words of error messages.</summary>
internal static class JsonTypes
{
    public static string GoName(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    /// <summary>The name in a schema's <c>type</c>.</summary>
    public static string SchemaName(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => IsWhole(value) ? "integer" : "number",
    };

    private static bool IsWhole(JsonNode value) => value is JsonValue scalar && (scalar.TryGetValue(out long _) || scalar.TryGetValue(out int _)
        || (scalar.TryGetValue(out double number) && double.IsInteger(number)));
}
