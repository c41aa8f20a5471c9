using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Seal.Cli.Manifests;

/// <summary>An input as a list of objects: every document of it, and every item of a <c>List</c> among them.</summary>
internal sealed class Manifest
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Manifest(string text, string source, IReadOnlyList<ManifestObject> objects, bool hasListWithoutKind)
    {
        Text = text;
        Source = source;
        Objects = objects;
        HasListWithoutKind = hasListWithoutKind;
    }

    public string Text { get; }

    public string Source { get; }

    public IReadOnlyList<ManifestObject> Objects { get; }

    /// <summary>Whether a document of it has items and no kind: Go code marshals a list so, and one that kubectl printed and that was cut short is left so.</summary>
    public bool HasListWithoutKind { get; }

    /// <summary>Whether the source is YAML, by its name or, where that says nothing, by its first character.</summary>
    public bool IsYaml => IsYamlName(Source) || (!Source.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !Text.AsSpan().TrimStart().StartsWith("{"));

    public static bool IsYamlName(string path) =>
        path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <param name="bytes">The whole input.</param>
    /// <param name="source">A path, or <see cref="ManifestPlace.StandardInput"/>.</param>
    /// <param name="within">Where the input stands, if it is one document of a stream.</param>
    /// <exception cref="ManifestException">Not UTF-8, not YAML or JSON, or a document that is no object.</exception>
    public static Manifest Read(byte[] bytes, string source, ManifestPlace? within = null)
    {
        var text = Decode(bytes, source);
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(text);
        }
        catch (YamlFormatException failure)
        {
            throw new ManifestException($"{source}: {failure.Message}", failure);
        }
        var filled = documents.Where(document => document.Root is not null).ToList();
        var objects = new List<ManifestObject>();
        foreach (var document in filled)
        {
            var place = within is null ? new ManifestPlace(source, document.Index + 1, document.Line, 0, filled.Count == 1) : within with { Line = within.Line + document.Line - 1 };
            if (document.Root is not JsonObject node) throw new ManifestException($"{place} is no object");
            Add(objects, node, place);
        }
        return new Manifest(text, source, objects, filled.Any(document => document.Root is JsonObject node && node["kind"] is null && IsList(node)));
    }

    /// <summary>Whether a file speaks of a SealedSecret at all, in UTF-16 too, which is refused when it is read; others need not be readable.</summary>
    public static bool MentionsSealedSecret(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("SealedSecret"u8) >= 0 || bytes.IndexOf("S\0e\0a\0l\0e\0d\0S\0e\0c\0r\0e\0t"u8) >= 0;

    /// <exception cref="ManifestException">Not UTF-8.</exception>
    public static string Decode(byte[] bytes, string source)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new ManifestException($"{source} is UTF-16; save it as UTF-8");
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ManifestException($"{source} is not UTF-8");
        }
    }

    private static void Add(List<ManifestObject> objects, JsonObject node, ManifestPlace place)
    {
        if (!IsList(node) || node["items"] is not JsonArray items)
        {
            objects.Add(new ManifestObject(node, place));
            return;
        }
        if (place.Item > 0) throw new ManifestException($"{place} is a list inside a list");
        for (var i = 0; i < items.Count; i++)
        {
            var itemPlace = place with { Item = i + 1 };
            if (items[i] is not JsonObject item) throw new ManifestException($"{itemPlace} is no object");
            Add(objects, item, itemPlace);
        }
    }

    // "List", "SecretList", "SealedSecretList"; an array of items with no kind is how Go code marshals one.
    private static bool IsList(JsonObject node) =>
        node["kind"] is not JsonValue kind ? node.ContainsKey("items") : kind.AsText() is { } name && name.EndsWith("List", StringComparison.Ordinal);
}
