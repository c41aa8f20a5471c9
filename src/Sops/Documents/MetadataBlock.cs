namespace GitOpsSecrets.Sops.Documents;

/// <summary>The <c>sops</c> key of formats with nested maps.</summary>
internal static class MetadataBlock
{
    public const string Key = "sops";

    public static SopsException Missing() => new(SopsFailure.NotSealed, "the file has no sops block: it is not encrypted by SOPS");

    public static SopsException Unexpected() => new(SopsFailure.AlreadySealed, "the file has a sops block already: it is encrypted, or its own key named sops would be lost");

    /// <summary>Takes the block out of a document.</summary>
    public static MapNode? Remove(MapNode document)
    {
        var entry = document.Find(Key);
        if (entry is null) return null;
        document.Entries.Remove(entry);
        return entry.Value as MapNode ?? throw new SopsException(SopsFailure.Metadata, "sops: not a map");
    }
}
