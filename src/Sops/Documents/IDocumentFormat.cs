namespace GitOpsSecrets.Sops.Documents;

/// <summary>Between the bytes of a file and its documents. Five formats implement it.</summary>
internal interface IDocumentFormat
{
    /// <returns>At least one document; only YAML has more.</returns>
    /// <exception cref="SopsException">Malformed, limit, or <see cref="SopsFailure.AlreadySealed"/>.</exception>
    IReadOnlyList<MapNode> ReadPlain(ReadOnlySpan<byte> file, SopsLimits limits);

    byte[] WritePlain(IReadOnlyList<MapNode> documents, SopsLayout layout);

    /// <returns>The documents without metadata, and the metadata as it stands in the first of them.</returns>
    /// <exception cref="SopsException">Malformed, limit, or <see cref="SopsFailure.NotSealed"/>.</exception>
    SealedTree ReadSealed(ReadOnlySpan<byte> file, SopsLimits limits);

    byte[] WriteSealed(SealedTree tree, SopsLayout layout);

    /// <summary>Whether a key of the document stands where the metadata goes.</summary>
    bool HasMetadata(MapNode document) => document.Find(MetadataBlock.Key) is not null;
}
