using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>
/// Reads a built-in object as the API server's typed decoding does: unknown fields and nulls fall away, a value of the wrong type is refused.
/// </summary>
internal sealed class TypedDecoder(string kind, string version)
{
    private readonly List<string> unknown = [];

    /// <summary>Paths of fields that no such kind has, for strict field validation.</summary>
    public IReadOnlyList<string> UnknownFields => unknown;

    /// <exception cref="ApiException">400: a value of the wrong type.</exception>
    public JsonObject Decode(JsonObject source, TypeSchema schema) => DecodeMap(source, schema, "");

    private JsonNode? DecodeValue(JsonNode value, TypeSchema schema, string path)
    {
        if (schema.IsFreeForm || schema.PreservesUnknown) return value.DeepClone();
        if (schema.IsIntOrString) return value is JsonValue scalar && (IsText(scalar) || IsInteger(scalar)) ? value.DeepClone() : throw Refuse(value, path, "intstr.IntOrString");
        return schema.Type switch
        {
            "object" => DecodeMap(value as JsonObject ?? throw Refuse(value, path, "map"), schema, path),
            "array" => DecodeList(value as JsonArray ?? throw Refuse(value, path, "[]" + (schema.Items?.Type ?? "")), schema, path),
            "string" => DecodeText(value, schema, path),
            "boolean" => value is JsonValue flag && flag.TryGetValue(out bool _) ? value.DeepClone() : throw Refuse(value, path, "bool"),
            "integer" => value is JsonValue number && IsInteger(number) ? value.DeepClone() : throw Refuse(value, path, "int64"),
            "number" => value is JsonValue number && IsNumber(number) ? value.DeepClone() : throw Refuse(value, path, "float64"),
            _ => value.DeepClone(),
        };
    }

    private JsonObject DecodeMap(JsonObject source, TypeSchema schema, string path)
    {
        var result = new JsonObject();
        foreach (var (name, value) in source)
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Field(name) is not { } field) unknown.Add(below);
            else if (value is not null && DecodeValue(value, field, below) is { } decoded && !IsLeftOut(decoded, field)) result[name] = decoded;
        }

        return result;
    }

    /// <summary>Empty maps and lists are not written back: almost every such field is optional.</summary>
    private static bool IsLeftOut(JsonNode decoded, TypeSchema schema) => decoded switch
    {
        JsonArray { Count: 0 } => true,
        JsonObject { Count: 0 } => schema.AdditionalProperties is not null && schema.Properties.Count == 0 && !schema.PreservesUnknown,
        _ => false,
    };

    private JsonArray DecodeList(JsonArray source, TypeSchema schema, string path)
    {
        var items = schema.Items ?? TypeSchema.Unknown;
        var result = new JsonArray();
        for (var i = 0; i < source.Count; i++)
        {
            if (source[i] is { } item) result.Add(DecodeValue(item, items, $"{path}[{i}]"));
        }

        return result;
    }

    private JsonValue DecodeText(JsonNode value, TypeSchema schema, string path)
    {
        if (value is not JsonValue scalar) throw Refuse(value, path, "string");
        if (!scalar.TryGetValue(out string? text))
        {
            if (schema.IsQuantity && IsNumber(scalar)) return JsonValue.Create(value.ToJsonString());
            throw Refuse(value, path, "string");
        }

        if (schema.Format == "byte" && !Api.Base64Text.TryDecode(text, out _, out var at)) throw Malformed(path, $"decode base64: illegal base64 data at input byte {at}");
        if (schema.Format == "date-time" && !DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _)) throw Malformed(path, "parsing time: cannot parse as RFC3339");
        return JsonValue.Create(text);
    }

    private ApiException Refuse(JsonNode value, string path, string wanted) =>
        ApiErrors.BadRequest($"{kind} in version \"{version}\" cannot be handled as a {kind}: json: cannot unmarshal {JsonTypes.GoName(value)} into Go struct field {kind}.{path} of type {wanted}");

    private ApiException Malformed(string path, string problem) =>
        ApiErrors.BadRequest($"{kind} in version \"{version}\" cannot be handled as a {kind}: {version}.{kind}.{path}: {problem}");

    private static bool IsText(JsonValue value) => value.TryGetValue(out string? _);

    private static bool IsInteger(JsonValue value) => value.TryGetValue(out long _) || value.TryGetValue(out int _);

    private static bool IsNumber(JsonValue value) => IsInteger(value) || value.TryGetValue(out double _);
}
