using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary><c>spec.secretTemplates</c> of an opened SopsSecret: each becomes a Secret in the namespace of the object.</summary>
internal static class SopsSecretTemplates
{
    /// <exception cref="RenderException">Templates that the cluster would not take. Names fields, never values.</exception>
    public static IReadOnlyList<string> Render(ManifestObject source)
    {
        var spec = source.Node["spec"] as JsonObject;
        if (spec?["secretTemplates"] is not JsonArray { Count: > 0 } templates) throw new RenderException("spec.secretTemplates is missing or empty");
        var space = (source.Node["metadata"] as JsonObject).Text("namespace");
        return [.. templates.Select((template, i) => RenderedSecret.Write(Secret(template, i, space), source))];
    }

    public static bool IsSuspended(JsonObject node) => (node["spec"] as JsonObject).True("suspend");

    private static Secret Secret(JsonNode? template, int index, string? space)
    {
        var place = $"spec.secretTemplates[{index}]";
        if (template is not JsonObject map) throw new RenderException($"{place} is no map");
        JsonObject node = new()
        {
            ["metadata"] = new JsonObject { ["name"] = map["name"]?.DeepClone(), ["labels"] = map["labels"]?.DeepClone(), ["annotations"] = map["annotations"]?.DeepClone() },
            ["type"] = map["type"]?.DeepClone(),
            ["data"] = map["data"]?.DeepClone(),
            ["stringData"] = map["stringData"]?.DeepClone(),
        };
        Secret secret;
        try
        {
            secret = node.Deserialize(ApiJson.Compact.Secret)!;
        }
        catch (JsonException failure)
        {
            throw new RenderException($"{place}: {failure.Message}", failure);
        }
        if (string.IsNullOrEmpty(secret.Metadata.Name)) throw new RenderException($"{place}.name is missing");
        var data = secret.Data ?? new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var (name, text) in secret.StringData ?? []) data[name] = Encoding.UTF8.GetBytes(text);
        return secret with { Kind = Api.Secret.SecretKind, ApiVersion = Api.Secret.SecretApiVersion, Metadata = secret.Metadata with { Namespace = space }, Data = data, StringData = null };
    }
}
