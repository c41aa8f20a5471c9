using System.Reflection;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Crds;

/// <summary>What the attributes of a field, or of a record, add to its schema.</summary>
internal static class FieldLimits
{
    public static void Apply(MemberInfo member, SchemaAttribute attribute, JsonObject schema)
    {
        var isList = (string?)schema["type"] == "array";
        // What limits a text limits the items of a list or map of texts.
        var text = schema["items"] as JsonObject ?? schema["additionalProperties"] as JsonObject ?? schema;
        if (member.IsDefined(typeof(ObjectNameAttribute))) Name(text, ObjectNameAttribute.MaxLength, ObjectNameAttribute.Pattern);
        if (member.IsDefined(typeof(NamespaceNameAttribute))) Name(text, NamespaceNameAttribute.MaxLength, NamespaceNameAttribute.Pattern);
        if (member.IsDefined(typeof(ItemKeyAttribute))) Name(text, ItemKeyAttribute.MaxLength, ItemKeyAttribute.Pattern);
        if (member.GetCustomAttribute<ValuesAttribute>() is { } values) text["enum"] = new JsonArray([.. values.Values.Select(value => JsonValue.Create(value))]);
        if (attribute.Pattern is { } pattern) text["pattern"] = pattern;
        if (attribute.Format is { Length: > 0 } format) text["format"] = format;
        if (attribute.Format is "") text.Remove("format");
        Limit(text, "minLength", attribute.MinLength);
        Limit(text, "maxLength", attribute.MaxLength);
        Limit(text, "minimum", attribute.Minimum);
        Limit(text, "maximum", attribute.Maximum);
        Limit(schema, "minItems", attribute.MinItems);
        Limit(schema, "minProperties", attribute.MinProperties);
        Limit(schema, "maxProperties", attribute.MaxProperties);
        if (attribute.Nullable)
        {
            schema["nullable"] = true;
            HideFromNull(schema);
        }
        if (attribute.Atomic) schema[isList ? "x-kubernetes-list-type" : "x-kubernetes-map-type"] = "atomic";
        AddRules(member, schema);
    }

    /// <summary>API servers hold null against a list of values, which cannot have it as one before 1.21, but against no <c>allOf</c>.</summary>
    private static void HideFromNull(JsonObject schema)
    {
        if (!schema.Remove("enum", out var values)) return;
        schema["allOf"] = new JsonArray(new JsonObject { ["enum"] = values });
    }

    private static void AddRules(MemberInfo member, JsonObject schema)
    {
        var rules = member.GetCustomAttributes<RuleAttribute>().Select(JsonNode? (rule) => rule.Message is null
            ? new JsonObject { ["rule"] = rule.Rule }
            : new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message }).ToArray();
        if (rules.Length > 0) schema["x-kubernetes-validations"] = new JsonArray(rules);
    }

    private static void Name(JsonObject schema, int maxLength, string pattern)
    {
        schema["minLength"] = 1;
        schema["maxLength"] = maxLength;
        schema["pattern"] = pattern;
    }

    private static void Limit(JsonObject schema, string name, int value)
    {
        if (value != 0) schema[name] = value;
    }
}
