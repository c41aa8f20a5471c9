using System.Text.Json.Nodes;

namespace GitOpsSecrets.Deploy.Tests.Definitions;

/// <summary>Our definitions as lines of <c>tests/vectors/external-secrets/fields.txt</c>: a path, its type, its limits.</summary>
internal static class FieldList
{
    private static readonly string[] Limits = ["minLength", "maxLength", "minItems", "minProperties", "maxProperties", "minimum", "maximum"];

    /// <returns>Such as <c>ExternalSecret/v1.spec.data[].secretKey</c> → <c>string</c>, <c>required</c>, <c>minLength=1</c>, …</returns>
    public static Dictionary<string, IReadOnlyList<string>> Of(string kind, string? version = null)
    {
        var fields = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var definition = Assert.Single(GitOpsSecrets.Crds.Definitions.All(), definition => (string?)definition["spec"]!["names"]!["kind"] == kind);
        foreach (var served in definition["spec"]!["versions"]!.AsArray().Where(served => version is null || (string?)served!["name"] == version))
        {
            var properties = served!["schema"]!["openAPIV3Schema"]!["properties"]!.AsObject();
            foreach (var part in new[] { "spec", "status" }.Where(properties.ContainsKey))
            {
                Walk(properties[part]!.AsObject(), $"{kind}/{served["name"]}.{part}", required: false, fields);
            }
        }
        return fields;
    }

    private static void Walk(JsonObject schema, string path, bool required, Dictionary<string, IReadOnlyList<string>> fields)
    {
        fields[path] = [.. Facts(schema, required)];
        foreach (var (name, inner) in (schema["properties"] as JsonObject) ?? [])
        {
            Walk(inner!.AsObject(), $"{path}.{name}", (schema["required"] as JsonArray)?.Any(one => (string?)one == name) ?? false, fields);
        }
        if (schema["items"] is JsonObject items) Walk(items, path + "[]", required: false, fields);
        if (schema["additionalProperties"] is JsonObject values) Walk(values, path + "{}", required: false, fields);
    }

    private static IEnumerable<string> Facts(JsonObject schema, bool required)
    {
        yield return schema.ContainsKey("x-kubernetes-int-or-string") ? "int|string"
            : schema["type"] is null ? "any"
            : schema["format"] is { } format ? $"{schema["type"]}:{format}"
            : $"{schema["type"]}";
        if (required) yield return "required";
        foreach (var limit in Limits.Where(schema.ContainsKey)) yield return $"{limit}={schema[limit]}";
        if ((bool?)schema["nullable"] == true) yield return "nullable";
        if ((schema["enum"] ?? schema["allOf"]?[0]?["enum"]) is JsonArray values) yield return "enum=" + string.Join('|', values.Select(value => (string)value!).Order(StringComparer.Ordinal));
        if ((string?)schema["pattern"] is { } pattern) yield return "pattern=" + pattern.Replace(" ", "\\x20", StringComparison.Ordinal);
    }
}
