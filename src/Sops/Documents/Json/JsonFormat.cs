namespace GitOpsSecrets.Sops.Documents.Json;

/// <summary>One JSON object; sealed, with a <c>sops</c> key.</summary>
internal sealed class JsonFormat : IDocumentFormat
{
    public IReadOnlyList<MapNode> ReadPlain(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var root = ReadRoot(file, limits);
        return root.Find(MetadataBlock.Key) is null ? [root] : throw MetadataBlock.Unexpected();
    }

    public byte[] WritePlain(IReadOnlyList<MapNode> documents, SopsLayout layout) =>
        documents.Count == 1 ? JsonEmitter.Write(documents[0], layout) : throw new SopsException(SopsFailure.Content, "JSON holds one document");

    public SealedTree ReadSealed(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var root = ReadRoot(file, limits);
        var metadata = MetadataBlock.Remove(root) ?? throw MetadataBlock.Missing();
        return new SealedTree([root], metadata);
    }

    public byte[] WriteSealed(SealedTree tree, SopsLayout layout) =>
        WritePlain([.. tree.Documents.Select(d => new MapNode([.. d.Entries, new MapEntry(MetadataBlock.Key, tree.Metadata)]))], layout);

    private static MapNode ReadRoot(ReadOnlySpan<byte> file, SopsLimits limits) =>
        JsonReader.Read(file, limits) as MapNode ?? throw new SopsException(SopsFailure.Malformed, "the root of the document is not a map");
}
