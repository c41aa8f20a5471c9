using System.Text.Json.Nodes;

namespace GitOpsSecrets.LocalCluster.Schema;

/// <summary>
/// One node of an OpenAPI schema, of a built-in kind (see <see cref="SchemaCatalog"/>) or of a CustomResourceDefinition,
/// read as the API server reads it: types, merge keys, list and map kinds. Children are made when asked for, since built-in types are recursive.
/// </summary>
internal sealed class TypeSchema
{
    private readonly SchemaCatalog? definitions;
    private Dictionary<string, TypeSchema>? properties;
    private Dictionary<int, string>? protobufFields;
    private TypeSchema? items;
    private TypeSchema? additional;

    public TypeSchema(JsonObject source, SchemaCatalog? definitions)
    {
        this.definitions = definitions;
        Source = source;
        Type = Text("type");
        Format = Text("format");
        MapKeys = source["x-kubernetes-list-map-keys"] is JsonArray keys ? [.. keys.Select(key => key!.GetValue<string>())] : [];
        var strategies = Text("x-kubernetes-patch-strategy").Split(',');
        MergesAsPatch = strategies.Contains("merge");
        RetainsKeys = strategies.Contains("retainKeys");
        PatchMergeKey = source["x-kubernetes-patch-merge-key"]?.GetValue<string>();
        PreservesUnknown = Flag("x-kubernetes-preserve-unknown-fields");
        IsEmbeddedResource = Flag("x-kubernetes-embedded-resource");
        IsIntOrString = Flag("x-kubernetes-int-or-string") || Format == "int-or-string";
        IsNullable = Flag("nullable");
    }

    /// <summary>For the root of a custom resource: the schema of its metadata.</summary>
    public TypeSchema? Metadata { get; init; }

    public static TypeSchema Unknown { get; } = new(new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true }, null);

    public JsonObject Source { get; }

    /// <summary>Whether it describes a built-in kind (decoded by type) and not a custom resource (validated by schema).</summary>
    public bool IsBuiltIn => definitions is not null;

    public string Type { get; }

    public string Format { get; }

    public bool PreservesUnknown { get; }

    public bool IsEmbeddedResource { get; }

    public bool IsIntOrString { get; }

    public bool IsNullable { get; }

    public string? PatchMergeKey { get; }

    public bool MergesAsPatch { get; }

    public bool RetainsKeys { get; }

    public IReadOnlyList<string> MapKeys { get; }

    public JsonNode? Default => Source["default"];

    public bool HasDefault => Source.ContainsKey("default");

    public string ListType => Source["x-kubernetes-list-type"]?.GetValue<string>() ?? MergeListType();

    public bool IsAtomicMap => Text("x-kubernetes-map-type") == "atomic";

    public IReadOnlyDictionary<string, TypeSchema> Properties => properties ??= ReadProperties();

    public TypeSchema? Items => items ??= Child(Source["items"]);

    /// <summary>The schema of values under names that are not properties; <c>null</c> when none may be.</summary>
    public TypeSchema? AdditionalProperties => additional ??= ReadAdditional();

    public bool IsObject => Type == "object" || Properties.Count > 0;

    /// <summary>An object whose content is not described at all, as RawExtension: kept whole and owned whole.</summary>
    public bool IsFreeForm => IsBuiltIn ? (Type is "object" or "") && Properties.Count == 0 && !Source.ContainsKey("additionalProperties") : Type.Length == 0 && PreservesUnknown;

    public TypeSchema? Field(string name) =>
        Properties.TryGetValue(name, out var field) ? field : AdditionalProperties ?? (PreservesUnknown || (IsBuiltIn && IsFreeForm) ? Unknown : null);

    public IReadOnlyList<string> Required => Source["required"] is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : [];

    public TypeSchema? Child(JsonNode? node)
    {
        if (node is not JsonObject child) return null;
        if (child["$ref"] is not { } reference || definitions is null) return new TypeSchema(child, definitions);
        return definitions.Resolve(reference.GetValue<string>());
    }

    private string MergeListType()
    {
        if (Type != "array" || !IsBuiltIn) return "atomic";
        if (!MergesAsPatch) return "atomic";
        return PatchMergeKey is null ? "set" : "map";
    }

    /// <summary>Keys by which items of a list are told apart when applied.</summary>
    public IReadOnlyList<string> ListKeys => MapKeys.Count > 0 ? MapKeys : PatchMergeKey is null ? [] : [PatchMergeKey];

    /// <summary>Field number → name, of a built-in message; see <see cref="Protobuf.ProtobufObjects"/>.</summary>
    public IReadOnlyDictionary<int, string> ProtobufFields => protobufFields ??= Text("x-protobuf")
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split(':', 2))
        .ToDictionary(entry => int.Parse(entry[0], System.Globalization.CultureInfo.InvariantCulture), entry => entry[1]);

    /// <summary>An amount such as <c>100m</c>, which may also be written as a bare number.</summary>
    public bool IsQuantity => Format == "quantity";

    private Dictionary<string, TypeSchema> ReadProperties()
    {
        var result = new Dictionary<string, TypeSchema>(StringComparer.Ordinal);
        foreach (var (name, field) in Source["properties"] as JsonObject ?? [])
        {
            if (Child(field) is { } child) result[name] = child;
        }

        if (Metadata is null) return result;
        result["metadata"] = Metadata;
        result.TryAdd("apiVersion", new TypeSchema(new JsonObject { ["type"] = "string" }, null));
        result.TryAdd("kind", new TypeSchema(new JsonObject { ["type"] = "string" }, null));
        return result;
    }

    private TypeSchema? ReadAdditional() => Source["additionalProperties"] switch
    {
        JsonObject schema => Child(schema),
        JsonValue flag when flag.TryGetValue(out bool allowed) && allowed => Unknown,
        _ => null,
    };

    private string Text(string name) => Source[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private bool Flag(string name) => Source[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;
}
