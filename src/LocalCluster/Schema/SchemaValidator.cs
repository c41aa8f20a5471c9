using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>Checks a custom resource against its structural schema. Rules in CEL (<c>x-kubernetes-validations</c>) are not evaluated.</summary>
internal sealed class SchemaValidator
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);
    private readonly List<FieldError> errors = [];

    public static IReadOnlyList<FieldError> Validate(JsonObject resource, TypeSchema schema)
    {
        var validator = new SchemaValidator();
        validator.CheckMap(resource, schema, "");
        return validator.errors;
    }

    private void Check(JsonNode? value, TypeSchema schema, string path)
    {
        if (value is null && schema.IsNullable)
        {
            CheckEnum(value, schema, path); // a list of values without null allows none, all the same
            return;
        }

        if (!HasType(value, schema, path)) return;
        CheckEnum(value, schema, path);
        CheckCombinations(value, schema, path);
        switch (value)
        {
            case JsonObject map: CheckMap(map, schema, path); break;
            case JsonArray list: CheckList(list, schema, path); break;
            case JsonValue scalar when scalar.TryGetValue(out string? text): CheckText(text, schema, path); break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number: CheckNumber(scalar, schema, path); break;
        }
    }

    private bool HasType(JsonNode? value, TypeSchema schema, string path)
    {
        var actual = JsonTypes.SchemaName(value);
        if (schema.IsIntOrString)
        {
            if (actual is "integer" or "string") return true;
            errors.Add(FieldError.Invalid(path, Show(value), $"{path} in body must be of type integer,string: {Show(value)}") with { Reason = "FieldValueTypeInvalid" });
            return false;
        }

        if (schema.Type.Length == 0 || schema.Type == actual || (schema.Type == "number" && actual == "integer")) return true;
        errors.Add(FieldError.Invalid(path, $"\"{actual}\"", $"{path} in body must be of type {schema.Type}: \"{actual}\"") with { Reason = "FieldValueTypeInvalid" });
        return false;
    }

    private void CheckMap(JsonObject map, TypeSchema schema, string path)
    {
        foreach (var name in schema.Required.Where(name => !map.ContainsKey(name))) errors.Add(FieldError.Required(Join(path, name), ""));
        if (Count(schema, "maxProperties") is { } most && map.Count > most) errors.Add(FieldError.TooLong(path, $"Too many: {map.Count}: must have at most {most} items"));
        if (Count(schema, "minProperties") is { } least && map.Count < least) errors.Add(FieldError.Invalid(path, Show(map), $"{path} in body should have at least {least} properties"));
        foreach (var (name, value) in map)
        {
            if (schema.Properties.TryGetValue(name, out var field))
            {
                if (!field.IsBuiltIn) Check(value, field, Join(path, name));
            }
            else if (schema.AdditionalProperties is { } additional)
            {
                Check(value, additional, Join(path, name));
            }
        }
    }

    private void CheckList(JsonArray list, TypeSchema schema, string path)
    {
        if (Count(schema, "maxItems") is { } most && list.Count > most) errors.Add(FieldError.TooLong(path, $"Too many: {list.Count}: must have at most {most} items"));
        if (Count(schema, "minItems") is { } least && list.Count < least) errors.Add(FieldError.Invalid(path, list.Count.ToString(CultureInfo.InvariantCulture), $"{path} in body should have at least {least} items"));
        for (var i = 0; i < list.Count; i++)
        {
            if (schema.Items is { } items) Check(list[i], items, $"{path}[{i}]");
        }

        if (schema.ListType == "atomic") return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var id = schema.ListType == "map" ? Identity(list[i], schema) : JsonText.ToText(list[i]);
            if (!seen.Add(id)) errors.Add(FieldError.Duplicate($"{path}[{i}]", id));
        }
    }

    private static string Identity(JsonNode? item, TypeSchema schema)
    {
        var keys = new JsonObject();
        foreach (var key in schema.ListKeys.Order(StringComparer.Ordinal)) keys[key] = (item as JsonObject)?[key]?.DeepClone();
        return JsonText.ToText(keys);
    }

    private void CheckText(string text, TypeSchema schema, string path)
    {
        var length = text.EnumerateRunes().Count();
        if (Count(schema, "maxLength") is { } most && length > most) errors.Add(FieldError.TooLong(path, $"Too long: may not be longer than {most}"));
        if (Count(schema, "minLength") is { } least && length < least) errors.Add(FieldError.Invalid(path, Show(text), $"{path} in body should be at least {least} chars long"));
        if (schema.Source["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternLimit))
        {
            errors.Add(FieldError.Invalid(path, Show(text), $"{path} in body should match '{pattern}'"));
        }

        var isValid = schema.Format switch
        {
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "byte" => Api.Base64Text.TryDecode(text, out _, out _),
            _ => true,
        };
        if (!isValid) errors.Add(FieldError.Invalid(path, Show(text), $"{path} in body must be of type {schema.Format}: {Show(text)}"));
    }

    private void CheckNumber(JsonValue scalar, TypeSchema schema, string path)
    {
        var number = double.Parse(scalar.ToJsonString(), CultureInfo.InvariantCulture);
        if (Bound(schema, "minimum") is { } least)
        {
            var exclusive = schema.Source["exclusiveMinimum"]?.GetValue<bool>() == true;
            if (number < least || (exclusive && number <= least)) AddBound(exclusive ? "greater than" : "greater than or equal to", least);
        }

        if (Bound(schema, "maximum") is { } most)
        {
            var exclusive = schema.Source["exclusiveMaximum"]?.GetValue<bool>() == true;
            if (number > most || (exclusive && number >= most)) AddBound(exclusive ? "less than" : "less than or equal to", most);
        }

        if (Bound(schema, "multipleOf") is { } step && step > 0 && Math.Abs(number % step) > double.Epsilon)
        {
            errors.Add(FieldError.Invalid(path, scalar.ToJsonString(), $"{path} in body should be a multiple of {step.ToString(CultureInfo.InvariantCulture)}"));
        }

        void AddBound(string relation, double bound) =>
            errors.Add(FieldError.Invalid(path, scalar.ToJsonString(), $"{path} in body should be {relation} {bound.ToString(CultureInfo.InvariantCulture)}"));
    }

    private void CheckEnum(JsonNode? value, TypeSchema schema, string path)
    {
        if (schema.Source["enum"] is not JsonArray allowed || allowed.Any(one => JsonNode.DeepEquals(one, value))) return;
        errors.Add(FieldError.NotSupported(path, Show(value), allowed.Select(Show)));
    }

    private void CheckCombinations(JsonNode? value, TypeSchema schema, string path)
    {
        var all = Parts(schema, "allOf").ToList();
        var holding = all.Count(part =>
        {
            var before = errors.Count;
            Check(value, part, path);
            return errors.Count == before;
        });
        if (holding < all.Count) errors.Add(FieldError.Invalid("<nil>", "\"\"", $"\"{path}\" must validate all the schemas (allOf){(holding == 0 ? ". None validated" : "")}"));
        var any = Parts(schema, "anyOf").ToList();
        if (any.Count > 0 && !schema.IsIntOrString && !any.Any(part => Holds(value, part, path))) errors.Add(FieldError.Invalid(path, Show(value), $"{path} in body must validate at least one schema (anyOf)"));
        var one = Parts(schema, "oneOf").ToList();
        if (one.Count > 0 && one.Count(part => Holds(value, part, path)) != 1) errors.Add(FieldError.Invalid(path, Show(value), $"{path} in body must validate one and only one schema (oneOf)"));
        if (schema.Child(schema.Source["not"]) is { } not && Holds(value, not, path)) errors.Add(FieldError.Invalid(path, Show(value), $"{path} in body must not validate the schema (not)"));
    }

    private static bool Holds(JsonNode? value, TypeSchema schema, string path)
    {
        var trial = new SchemaValidator();
        trial.Check(value, schema, path);
        return trial.errors.Count == 0;
    }

    private static IEnumerable<TypeSchema> Parts(TypeSchema schema, string name) =>
        (schema.Source[name] as JsonArray ?? []).Select(schema.Child).OfType<TypeSchema>();

    private static long? Count(TypeSchema schema, string name) => schema.Source[name]?.GetValue<long>();

    private static double? Bound(TypeSchema schema, string name) =>
        schema.Source[name] is { } bound ? double.Parse(bound.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static string Show(JsonNode? value) => JsonText.ToText(value);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
