using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Crds;

/// <summary>A structural schema (OpenAPI 3) of a record. Defaults of a spec live in the code; a status begins with one, see <see cref="Begin"/>.</summary>
internal sealed class SchemaBuilder(bool described)
{
    private static readonly HashSet<string> OfEveryObject = new(StringComparer.Ordinal) { "kind", "apiVersion", "metadata" };

    /// <summary>The schema of a record that is a whole object: its spec and its status.</summary>
    public static JsonObject ForKind(Type type, bool described)
    {
        var builder = new SchemaBuilder(described);
        var schema = Envelope(described ? Descriptions.Of(type) : null);
        foreach (var property in Fields(type).Where(property => !OfEveryObject.Contains(NameOf(property))))
        {
            schema["properties"]![NameOf(property)] = builder.Property(property);
        }
        Begin(schema["properties"]!["status"]);
        return schema;
    }

    /// <summary>An object that the controller has not seen yet has observed no generation, so that nobody who waits for it goes on.</summary>
    private static void Begin(JsonNode? status)
    {
        if (status?["properties"]?["observedGeneration"] is not null) status["default"] = new JsonObject { ["observedGeneration"] = -1 };
    }

    /// <summary>The schema of an object whose spec is the given record, and which has no status fields.</summary>
    public static JsonObject ForSpec(Type spec)
    {
        var schema = Envelope(Descriptions.Of(spec));
        schema["properties"]!["spec"] = new SchemaBuilder(described: true).Record(spec, describe: false);
        return schema;
    }

    private static JsonObject Envelope(string? description)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = new JsonObject { ["type"] = "string" },
                ["kind"] = new JsonObject { ["type"] = "string" },
                ["metadata"] = new JsonObject { ["type"] = "object" },
            },
        };
        if (description is not null) schema["description"] = description;
        return schema;
    }

    private JsonObject Property(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<SchemaAttribute>() ?? new SchemaAttribute();
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var schema = attribute.IntOrString ? IntOrString() : ForType(attribute.Of ?? type);
        FieldLimits.Apply(property, attribute, schema);
        if (described && Descriptions.Of(property) is { } description) schema["description"] = description;
        return schema;
    }

    private JsonObject ForType(Type type)
    {
        if (type == typeof(string) || type == typeof(GoDuration)) return OfType("string");
        if (type == typeof(bool)) return OfType("boolean");
        if (type == typeof(int)) return OfType("integer", "int32");
        if (type == typeof(long)) return OfType("integer", "int64");
        if (type == typeof(JsonElement)) return new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true };
        if (!type.IsGenericType) return Record(type, describe: described);
        var arguments = type.GetGenericArguments();
        var inner = ForType(arguments[^1]);
        inner.Remove("description");
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return new JsonObject { ["type"] = "array", ["items"] = inner };
        if (type.GetGenericTypeDefinition() == typeof(SortedDictionary<,>)) return new JsonObject { ["type"] = "object", ["additionalProperties"] = inner };
        throw new NotSupportedException($"no schema for {type}");
    }

    private JsonObject Record(Type type, bool describe)
    {
        var schema = OfType("object");
        if (describe && Descriptions.Of(type) is { } description) schema["description"] = description;
        FieldLimits.Apply(type, type.GetCustomAttribute<SchemaAttribute>() ?? new SchemaAttribute(), schema);
        var fields = Fields(type).ToList();
        if (fields.Count == 0) return schema;
        var properties = new JsonObject();
        foreach (var field in fields) properties[NameOf(field)] = Property(field);
        schema["properties"] = properties;
        var required = fields.Where(IsRequired).Select(JsonNode? (field) => NameOf(field)).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        return schema;
    }

    private static bool IsRequired(PropertyInfo property) =>
        property.IsDefined(typeof(RequiredMemberAttribute)) || property.GetCustomAttribute<SchemaAttribute>() is { Required: true };

    private static IEnumerable<PropertyInfo> Fields(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !property.IsDefined(typeof(JsonIgnoreAttribute)));

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static JsonObject OfType(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null) schema["format"] = format;
        return schema;
    }

    private static JsonObject IntOrString() => new()
    {
        ["anyOf"] = new JsonArray(OfType("integer"), OfType("string")),
        ["x-kubernetes-int-or-string"] = true,
    };
}
