namespace GitOpsSecrets.Sops.Documents.Flat;

/// <summary>
/// Sections of <c>key = value</c>. Keys before any section belong to <c>DEFAULT</c>. Sealed, the metadata stands flattened in the section <c>[sops]</c>.
/// </summary>
internal sealed class IniFormat : IDocumentFormat
{
    public IReadOnlyList<MapNode> ReadPlain(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var root = IniReader.Read(file, limits);
        return root.Find(MetadataBlock.Key) is null ? [root] : throw MetadataBlock.Unexpected();
    }

    public byte[] WritePlain(IReadOnlyList<MapNode> documents, SopsLayout layout) =>
        documents.Count == 1 ? IniEmitter.Write(documents[0]) : throw new SopsException(SopsFailure.Content, "ini holds one document");

    public SealedTree ReadSealed(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var root = IniReader.Read(file, limits);
        var section = MetadataBlock.Remove(root) ?? throw MetadataBlock.Missing();
        var pairs = section.Entries.Where(e => !e.IsComment).Select(e => (e.Key, ((ScalarNode)e.Value).GetText()));
        return new SealedTree([root], MetadataFlattening.Unflatten(pairs));
    }

    public byte[] WriteSealed(SealedTree tree, SopsLayout layout)
    {
        var section = new MapNode(MetadataFlattening.Flatten(tree.Metadata).Select(p => new MapEntry(p.Key, ScalarNode.Text(p.Value))));
        return WritePlain([new MapNode([.. tree.Documents[0].Entries, new MapEntry(MetadataBlock.Key, section)])], layout);
    }
}
