using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.Seal.Cli.Manifests;

namespace GitOpsSecrets.Seal.Cli.Templates;

/// <summary>ConfigMaps and Secrets out of files, as <c>templateFrom</c> would find them in the cluster.</summary>
internal static class TemplateResources
{
    /// <param name="objects">Objects of any kind; the others are passed over.</param>
    /// <param name="space">Namespace of the ExternalSecret. What names another is not seen, as in the cluster; what names none is.</param>
    public static Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>> Of(IEnumerable<ManifestObject> objects, string? space)
    {
        var resources = new Dictionary<TemplateResource, IReadOnlyDictionary<string, byte[]>>();
        foreach (var source in objects)
        {
            if (KindOf(source) is not { } kind) continue;
            var metadata = source.Node["metadata"] as JsonObject;
            if (metadata?["namespace"].AsText() is { } own && space is not null && own != space) continue;
            var name = metadata?["name"].AsText() ?? throw new CommandException($"{source} has no name");
            resources[new TemplateResource(kind, name)] = Texts(source);
        }
        return resources;
    }

    /// <summary>What a Secret or a ConfigMap holds: key → bytes.</summary>
    /// <exception cref="CommandException">Fields that it cannot have.</exception>
    public static Dictionary<string, byte[]> Texts(ManifestObject source) => KindOf(source) == TemplateResourceKind.Secret ? SecretTexts(source) : ConfigMapTexts(source);

    private static TemplateResourceKind? KindOf(ManifestObject source) => source.Kind switch
    {
        "ConfigMap" => TemplateResourceKind.ConfigMap,
        Secret.SecretKind => TemplateResourceKind.Secret,
        _ => null,
    };

    private static Dictionary<string, byte[]> SecretTexts(ManifestObject source)
    {
        var secret = ObjectDecoder.Secret(source, yaml: true);
        var texts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in secret.Data ?? []) texts[key] = value ?? [];
        foreach (var (key, value) in secret.StringData ?? []) texts[key] = Encoding.UTF8.GetBytes(value);
        return texts;
    }

    private static Dictionary<string, byte[]> ConfigMapTexts(ManifestObject source)
    {
        var texts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in source.Node["data"] as JsonObject ?? [])
            texts[key] = Encoding.UTF8.GetBytes(value.AsText() ?? (value is null or JsonValue ? "" : throw new CommandException($"{source}: data \"{key}\" is no text")));
        foreach (var (key, value) in source.Node["binaryData"] as JsonObject ?? [])
            texts[key] = Base64Text.TryDecode(value.AsText() ?? "", out var bytes, out _) ? bytes : throw new CommandException($"{source}: binaryData \"{key}\" is no base64");
        return texts;
    }
}
