using System.Text.Json.Nodes;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>
/// Secrets and SealedSecrets as most people write them, without the serializer: to prepare that for the two kinds takes longer than to seal three items. What is out
/// of the ordinary is left to it, so there is no error and no rule here that is not its own.
/// </summary>
internal static class OrdinaryObjects
{
    /// <returns>What the serializer would read; <c>null</c> where it has to do so itself.</returns>
    public static Secret? ReadSecret(JsonObject node)
    {
        var secret = new Secret { Kind = null, ApiVersion = null };
        foreach (var (name, value) in node)
        {
            var next = (name, value) switch
            {
                ("kind", JsonValue) when value.AsText() is { } kind => secret with { Kind = kind },
                ("apiVersion", JsonValue) when value.AsText() is { } version => secret with { ApiVersion = version },
                ("type", JsonValue) when value.AsText() is { } type => secret with { Type = type },
                ("metadata", JsonObject metadata) when ReadMetadata(metadata) is { } read => secret with { Metadata = read },
                ("stringData", JsonObject map) when ReadMap(map) is { } texts => secret with { StringData = texts },
                ("data", JsonObject map) when ReadBytes(map) is { } bytes => secret with { Data = bytes },
                _ => null,
            };
            if (next is null) return null;
            secret = next;
        }
        return secret;
    }

    /// <returns>What the serializer would write; <c>null</c> where it has to do so itself.</returns>
    public static JsonObject? Write(SealedSecret value)
    {
        if (value is not { Kind: not null, ApiVersion: not null, Status: null } || value.Spec.Data is not null || value.Spec.EncryptedData is null || value.Spec.Template is not { Metadata: not null } template) return null;
        if (!IsOrdinary(value.Metadata) || !IsOrdinary(template.Metadata)) return null;
        var written = new JsonObject { ["metadata"] = Write(template.Metadata) };
        if (template.Type is not null) written["type"] = TextNodes.Of(template.Type);
        if (template.Immutable is { } immutable) written["immutable"] = immutable;
        if (template.Data is not null) written["data"] = Write(template.Data);
        return new JsonObject
        {
            ["kind"] = TextNodes.Of(value.Kind),
            ["apiVersion"] = TextNodes.Of(value.ApiVersion),
            ["metadata"] = Write(value.Metadata),
            ["spec"] = new JsonObject { ["template"] = written, ["encryptedData"] = Write(value.Spec.EncryptedData) },
        };
    }

    private static ObjectMeta? ReadMetadata(JsonObject node)
    {
        var metadata = new ObjectMeta();
        foreach (var (name, value) in node)
        {
            var next = (name, value) switch
            {
                ("name", JsonValue) when value.AsText() is { } text => metadata with { Name = text },
                ("namespace", JsonValue) when value.AsText() is { } text => metadata with { Namespace = text },
                ("labels", JsonObject map) when ReadMap(map) is { } texts => metadata with { Labels = texts },
                ("annotations", JsonObject map) when ReadMap(map) is { } texts => metadata with { Annotations = texts },
                // As `kubectl create --dry-run` prints it.
                ("creationTimestamp", null) => metadata,
                _ => null,
            };
            if (next is null) return null;
            metadata = next;
        }
        return metadata;
    }

    private static SortedDictionary<string, string>? ReadMap(JsonObject node)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in node)
        {
            if (value.AsText() is not { } text) return null;
            map[name] = text;
        }
        return map;
    }

    private static SortedDictionary<string, byte[]?>? ReadBytes(JsonObject node)
    {
        var map = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var (name, value) in node)
        {
            if (value.AsText() is not { } text || !Base64Text.TryDecode(text, out var bytes, out _)) return null;
            map[name] = bytes;
        }
        return map;
    }

    private static bool IsOrdinary(ObjectMeta metadata) => metadata with { Name = null, Namespace = null, Labels = null, Annotations = null } == new ObjectMeta();

    private static JsonObject Write(ObjectMeta metadata)
    {
        var node = new JsonObject();
        if (metadata.Name is not null) node["name"] = TextNodes.Of(metadata.Name);
        if (metadata.Namespace is not null) node["namespace"] = TextNodes.Of(metadata.Namespace);
        if (metadata.Labels is not null) node["labels"] = Write(metadata.Labels);
        if (metadata.Annotations is not null) node["annotations"] = Write(metadata.Annotations);
        return node;
    }

    private static JsonObject Write(SortedDictionary<string, string> map)
    {
        var node = new JsonObject();
        foreach (var (name, text) in map) node[name] = TextNodes.Of(text);
        return node;
    }
}
