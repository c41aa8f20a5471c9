using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>Secrets, and whatever else SOPS encrypted, as they stand; and SopsSecrets, whose templates become Secrets.</summary>
internal sealed class SopsRendering(SopsOpening opening) : IObjectRendering
{
    private const string OptOut = "kustomize.toolkit.fluxcd.io/decrypt";

    public bool Takes(ManifestObject source) => IsEncrypted(source) || (SopsSecretManifest.Carried(source.Node) is not null && !HasOptedOut(source.Node));

    /// <summary>Whether the object itself was encrypted, and does not only carry what was.</summary>
    public static bool IsEncrypted(ManifestObject source) =>
        source.Node["sops"] is JsonObject metadata && (IsSecret(source.Node) || SopsSecretManifest.Is(source.Node) || metadata["mac"] is not null) && !HasOptedOut(source.Node);

    public async Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        if (SopsSecretManifest.Carried(source.Node) is { } carried) return await RenderCarriedAsync(source, carried, cancellationToken);
        var bytes = Encoding.UTF8.GetBytes(text ?? source.Node.ToJsonString());
        using var open = await opening.OpenAsync(ManifestPlace.Describe(source.Node), bytes, text is null ? SopsFormat.Json : SopsFormat.Yaml, original: false, cancellationToken);
        return Documents(open.Plain, source);
    }

    /// <summary>The file that a SopsSecret carries as text: its Secrets, in the namespace of the object.</summary>
    private async Task<IReadOnlyList<string>> RenderCarriedAsync(ManifestObject source, string text, CancellationToken cancellationToken)
    {
        if (SopsSecretTemplates.IsSuspended(source.Node)) return [];
        using var open = await opening.OpenAsync(ManifestPlace.Describe(source.Node), Encoding.UTF8.GetBytes(text), SopsSecretManifest.CarriedFormat(source.Node), original: true, cancellationToken);
        return [.. open.Plain.Documents.SelectMany(document => CarriedSecrets((JsonObject)DocumentJson.ToJsonNode(document)!, source))];
    }

    /// <param name="node">An opened document.</param>
    /// <param name="carrier">The SopsSecret that carried it.</param>
    /// <returns>Its Secrets, in the namespace of the carrier.</returns>
    /// <exception cref="RenderException">It is no Secret that a cluster would take.</exception>
    public static IReadOnlyList<string> CarriedSecrets(JsonObject node, ManifestObject carrier)
    {
        if (node["metadata"] is not JsonObject metadata) throw new RenderException("what spec.document carries has no metadata");
        metadata.Remove("namespace");
        if ((carrier.Node["metadata"] as JsonObject).Text("namespace") is { } space) metadata["namespace"] = space;
        (metadata["annotations"] as JsonObject)?.Remove(SopsSecretAnnotations.BoundTo);
        return Secrets(node, carrier);
    }

    /// <param name="node">A Secret, or a SopsSecret, in plain text.</param>
    /// <param name="source">Where it came from.</param>
    /// <exception cref="RenderException">It is no Secret that a cluster would take.</exception>
    public static IReadOnlyList<string> Secrets(JsonObject node, ManifestObject source)
    {
        var found = new ManifestObject(node, source.Place);
        try
        {
            return SopsSecretManifest.Is(node) ? SopsSecretTemplates.Render(found) : [RenderedSecret.Write(ObjectDecoder.Secret(found, yaml: false), source)];
        }
        catch (CommandException failure)
        {
            throw new RenderException(failure.Problem ?? failure.Message, failure);
        }
    }

    /// <summary>What the documents of an opened file become.</summary>
    /// <exception cref="RenderException">A document is no Secret that a cluster would take.</exception>
    public static IReadOnlyList<string> Documents(PlainFile plain, ManifestObject source) =>
        [.. plain.Documents.SelectMany((document, i) => Render(document, source.Place, plain.Documents.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"document {i + 1}: ")))];

    /// <param name="which">What errors begin with; they end up behind the file's name.</param>
    private static IReadOnlyList<string> Render(MapNode document, ManifestPlace place, string which)
    {
        JsonObject node;
        byte[] bytes = [];
        try
        {
            node = (JsonObject)DocumentJson.ToJsonNode(document)!;
            if (SopsSecretManifest.Is(node)) return SopsSecretTemplates.IsSuspended(node) ? [] : SopsSecretTemplates.Render(new ManifestObject(node, place));
            // A number would be refused by the API server, and its type tag is the one thing that SOPS does not protect.
            if (IsSecret(node)) ObjectDecoder.Secret(new ManifestObject(node, place), yaml: false);
            bytes = new PlainFile(SopsFormat.Yaml, [document]).ToBytes(new SopsLayout(YamlIndent: 2));
            return [Encoding.UTF8.GetString(bytes)];
        }
        catch (Exception failure) when (failure is SopsException or CommandException)
        {
            throw new RenderException(which + ((failure as CommandException)?.Problem ?? failure.Message), failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static bool IsSecret(JsonObject node) => node.Text("kind") == Api.Secret.SecretKind;

    private static bool HasOptedOut(JsonObject node) =>
        string.Equals(((node["metadata"] as JsonObject)?["annotations"] as JsonObject).Text(OptOut), "disabled", StringComparison.OrdinalIgnoreCase);
}
