using System.Text;

namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>One or more YAML documents. Sealed, each repeats the same <c>sops</c> block, of which the first counts.</summary>
internal sealed class YamlFormat : IDocumentFormat
{
    public IReadOnlyList<MapNode> ReadPlain(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var documents = Read(file, YamlMode.Plain, limits);
        return documents.Any(d => d.Find(MetadataBlock.Key) is not null) ? throw MetadataBlock.Unexpected() : documents;
    }

    public byte[] WritePlain(IReadOnlyList<MapNode> documents, SopsLayout layout) => Encoding.UTF8.GetBytes(YamlEmitter.Write(documents, layout));

    public SealedTree ReadSealed(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var documents = Read(file, YamlMode.Sealed, limits);
        MapNode? metadata = null;
        for (var i = 0; i < documents.Count; i++)
        {
            var block = MetadataBlock.Remove(documents[i]);
            if (i == 0) metadata = block;
        }
        return new SealedTree(documents, metadata ?? throw MetadataBlock.Missing());
    }

    public byte[] WriteSealed(SealedTree tree, SopsLayout layout) =>
        WritePlain([.. tree.Documents.Select(d => new MapNode([.. d.Entries, new MapEntry(MetadataBlock.Key, tree.Metadata)]))], layout);

    /// <summary>The documents of a text, whether or not they hold a <c>sops</c> key.</summary>
    internal static List<MapNode> Read(ReadOnlySpan<byte> file, YamlMode mode, SopsLimits limits)
    {
        var text = DocumentText.Decode(file, limits).Replace("\r\n", "\n", StringComparison.Ordinal);
        var reader = new YamlStructureReader(text, mode, limits);
        var documents = reader.ReadAll();
        if (documents.Count == 0) documents.Add((0, null));
        var roots = documents.Select(d => d.Root ?? new YamlPart { IsMap = true }).ToList();
        var document = 0;
        foreach (var comment in YamlComments.Find(text, reader.ScalarSpans))
        {
            while (document + 1 < documents.Count && documents[document + 1].Start <= comment.Offset) document++;
            YamlComments.Place(roots[document], comment);
        }
        return [.. roots.Select(r => r.ToMap())];
    }
}
