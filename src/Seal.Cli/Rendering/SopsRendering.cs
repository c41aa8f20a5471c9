using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>Secrets encrypted by SOPS as they stand, and SopsSecrets, whose templates become Secrets.</summary>
internal sealed class SopsRendering(SopsOpening opening) : IObjectRendering
{
    public const string SopsSecretGroup = "isindir.github.com/";

    private const string OptOut = "kustomize.toolkit.fluxcd.io/decrypt";

    public bool Takes(ManifestObject source) => IsEncrypted(source) || (Carried(source.Node) is not null && !HasOptedOut(source.Node));

    /// <summary>Whether the object itself was encrypted, and does not only carry what was.</summary>
    public static bool IsEncrypted(ManifestObject source) =>
        source.Node["sops"] is JsonObject && (source.Kind == Api.Secret.SecretKind || IsSopsSecret(source.Node)) && !HasOptedOut(source.Node);

    public async Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        if (Carried(source.Node) is { } carried) return await RenderCarriedAsync(source, carried, cancellationToken);
        var bytes = Encoding.UTF8.GetBytes(text ?? source.Node.ToJsonString());
        using var open = await opening.OpenAsync(ManifestPlace.Describe(source.Node), bytes, text is null ? SopsFormat.Json : SopsFormat.Yaml, original: false, cancellationToken);
        return Documents(open.Plain, source);
    }

    /// <summary>The file that a SopsSecret carries as text: its Secrets, in the namespace of the object.</summary>
    private async Task<IReadOnlyList<string>> RenderCarriedAsync(ManifestObject source, string text, CancellationToken cancellationToken)
    {
        if (SopsSecretTemplates.IsSuspended(source.Node)) return [];
        var format = Text(source.Node["spec"]!["format"]) == "json" ? SopsFormat.Json : SopsFormat.Yaml;
        using var open = await opening.OpenAsync(ManifestPlace.Describe(source.Node), Encoding.UTF8.GetBytes(text), format, original: true, cancellationToken);
        var space = Text((source.Node["metadata"] as JsonObject)?["namespace"]);
        return [.. open.Plain.Documents.SelectMany(document => RenderCarried((JsonObject)DocumentJson.ToJsonNode(document)!, source, space))];
    }

    private static IReadOnlyList<string> RenderCarried(JsonObject node, ManifestObject source, string? space)
    {
        if (node["metadata"] is not JsonObject metadata) throw new RenderException("what spec.document carries has no metadata");
        metadata.Remove("namespace");
        if (space is not null) metadata["namespace"] = space;
        (metadata["annotations"] as JsonObject)?.Remove(SopsSecretAnnotations.BoundTo);
        try
        {
            return IsSopsSecret(node) ? SopsSecretTemplates.Render(new ManifestObject(node, source.Place)) : [RenderedSecret.Write(ObjectDecoder.Secret(new ManifestObject(node, source.Place), yaml: false), source)];
        }
        catch (CommandException failure)
        {
            throw new RenderException(failure.Message, failure);
        }
    }

    /// <summary>What the documents of an opened file become.</summary>
    /// <exception cref="RenderException">A document is no Secret that a cluster would take.</exception>
    public static IReadOnlyList<string> Documents(PlainFile plain, ManifestObject source) =>
        [.. plain.Documents.SelectMany(document => Render(document, source.Place))];

    private static IReadOnlyList<string> Render(MapNode document, ManifestPlace place)
    {
        JsonObject node;
        byte[] bytes = [];
        try
        {
            node = (JsonObject)DocumentJson.ToJsonNode(document)!;
            if (IsSopsSecret(node)) return SopsSecretTemplates.Render(new ManifestObject(node, place));
            // A number would be refused by the API server, and its type tag is the one thing that SOPS does not protect.
            ObjectDecoder.Secret(new ManifestObject(node, place), yaml: false);
            bytes = new PlainFile(SopsFormat.Yaml, [document]).ToBytes(new SopsLayout(YamlIndent: 2));
            return [Encoding.UTF8.GetString(bytes)];
        }
        catch (Exception failure) when (failure is SopsException or CommandException)
        {
            throw new RenderException(failure.Message, failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static string? Carried(JsonObject node) => IsSopsSecret(node) ? Text((node["spec"] as JsonObject)?["document"]) : null;

    private static bool IsSopsSecret(JsonObject node) =>
        Text(node["kind"]) == "SopsSecret" && Text(node["apiVersion"])?.StartsWith(SopsSecretGroup, StringComparison.Ordinal) == true;

    private static bool HasOptedOut(JsonObject node) =>
        string.Equals(Text(((node["metadata"] as JsonObject)?["annotations"] as JsonObject)?[OptOut]), "disabled", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
