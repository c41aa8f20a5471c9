using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;
using GitOpsSecrets.LocalCluster.Resources;
using GitOpsSecrets.LocalCluster.Schema;
using GitOpsSecrets.LocalCluster.Storage;

namespace GitOpsSecrets.LocalCluster.Objects;

/// <summary>From what a client sent to what the kind may hold: fields typed, unknown ones dropped (or refused), defaults filled in.</summary>
internal sealed class ObjectDecoder(SchemaCatalog schemas)
{
    /// <exception cref="ApiException">400: another kind, a value of the wrong type, or an unknown field when validation is strict.</exception>
    public JsonObject Decode(ResourceType type, JsonObject sent, WriteOptions options, bool withDefaults = true)
    {
        CheckKind(type, sent);
        sent["apiVersion"] = type.ApiVersion;
        sent["kind"] = type.Kind;
        if (sent["metadata"] is null) sent["metadata"] = new JsonObject();
        var decoded = type.IsCustom ? DecodeCustom(type, sent, options, withDefaults) : DecodeBuiltIn(type, sent, options);
        return InOrder(decoded);
    }

    private static void CheckKind(ResourceType type, JsonObject sent)
    {
        var version = Text(sent, "apiVersion");
        var kind = Text(sent, "kind");
        if (type.IsCustom && kind.Length == 0) throw ApiErrors.BadRequest($"Object 'Kind' is missing in '{JsonText.ToText(sent)}'");
        if (type.IsCustom && version.Length == 0) throw ApiErrors.BadRequest($"Object 'apiVersion' is missing in '{JsonText.ToText(sent)}'");
        if (version.Length > 0 && version != type.ApiVersion)
        {
            throw ApiErrors.BadRequest($"the API version in the data ({version}) does not match the expected API version ({type.ApiVersion})");
        }

        if (kind.Length > 0 && kind != type.Kind)
        {
            throw ApiErrors.BadRequest($"{kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: no kind \"{kind}\" is registered for {type.GroupResource}");
        }
    }

    private static JsonObject DecodeBuiltIn(ResourceType type, JsonObject sent, WriteOptions options)
    {
        var decoder = new TypedDecoder(type.Kind, type.Version);
        var decoded = decoder.Decode(sent, type.Schema);
        ReportUnknown(type, decoder.UnknownFields, options);
        decoded["metadata"] ??= new JsonObject();
        return decoded;
    }

    private JsonObject DecodeCustom(ResourceType type, JsonObject sent, WriteOptions options, bool withDefaults)
    {
        var decoder = new TypedDecoder(type.Kind, type.Version);
        var metadata = sent["metadata"] as JsonObject ?? throw ApiErrors.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: metadata must be an object");
        var decoded = sent.DeepClone().AsObject();
        decoded["metadata"] = decoder.Decode(metadata, schemas.ObjectMetadata);
        var dropped = SchemaPruner.Prune(decoded, type.Schema);
        ReportUnknown(type, [.. decoder.UnknownFields.Select(field => "metadata." + field), .. dropped], options);
        if (withDefaults) SchemaDefaulter.Apply(decoded, type.Schema);
        return decoded;
    }

    private static void ReportUnknown(ResourceType type, IReadOnlyList<string> fields, WriteOptions options)
    {
        if (fields.Count == 0 || options.FieldValidation == "Ignore") return;
        var texts = fields.Select(field => $"unknown field \"{field}\"").ToList();
        if (options.FieldValidation == "Strict")
        {
            throw ApiErrors.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: strict decoding error: {string.Join(", ", texts)}");
        }

        options.Warnings.AddRange(texts);
    }

    /// <summary>Kind and version first, then metadata, as everybody expects to read it.</summary>
    private static JsonObject InOrder(JsonObject json)
    {
        var result = new JsonObject();
        foreach (var name in (string[])["apiVersion", "kind", "metadata"])
        {
            if (json.Remove(name, out var value)) result[name] = value;
        }

        foreach (var name in json.Select(pair => pair.Key).ToList())
        {
            json.Remove(name, out var value);
            result[name] = value;
        }

        return result;
    }

    private static string Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
