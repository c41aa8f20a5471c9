using System.Text;

namespace GitOpsSecrets.Sops.Documents.Flat;

/// <summary>
/// Lines <c>KEY=value</c> and <c># comment</c>. Split at the first equals sign, nothing trimmed, quotes are part of the value; <c>\n</c> stands for a
/// line break. Sealed, the metadata stands flattened behind keys that begin with <c>sops_</c>. Empty lines are not kept.
/// </summary>
internal sealed class DotenvFormat : IDocumentFormat
{
    private const string Prefix = "sops_";

    public IReadOnlyList<MapNode> ReadPlain(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var map = Read(file, limits);
        return HasMetadata(map) ? throw MetadataBlock.Unexpected() : [map];
    }

    public bool HasMetadata(MapNode document) => document.Entries.Any(e => e.Key.StartsWith(Prefix, StringComparison.Ordinal));

    public byte[] WritePlain(IReadOnlyList<MapNode> documents, SopsLayout layout)
    {
        if (documents.Count != 1) throw new SopsException(SopsFailure.Content, "dotenv holds one document");
        var text = new StringBuilder();
        foreach (var entry in documents[0].Entries) WriteEntry(text, entry);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public SealedTree ReadSealed(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var map = Read(file, limits);
        var metadata = map.Entries.Where(e => e.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        if (metadata.Count == 0) throw MetadataBlock.Missing();
        map.Entries.RemoveAll(metadata.Contains);
        return new SealedTree([map], MetadataFlattening.Unflatten(metadata.Select(e => (e.Key[Prefix.Length..], ((ScalarNode)e.Value).GetText()))));
    }

    public byte[] WriteSealed(SealedTree tree, SopsLayout layout)
    {
        var metadata = MetadataFlattening.Flatten(tree.Metadata).Select(p => new MapEntry(Prefix + p.Key, ScalarNode.Text(p.Value)));
        return WritePlain([new MapNode([.. tree.Documents[0].Entries, .. metadata])], layout);
    }

    private static MapNode Read(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var map = new MapNode();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in DocumentText.Decode(file, limits).Split('\n'))
        {
            number++;
            if (line.Length == 0) continue;
            if (map.Entries.Count == limits.MaxNodes) throw new SopsException(SopsFailure.Limit, $"more than {limits.MaxNodes} lines");
            if (line[0] == '#')
            {
                map.Add(new CommentNode(line[1..]));
                continue;
            }
            var split = line.IndexOf('=', StringComparison.Ordinal);
            if (split < 0) throw new SopsException(SopsFailure.Malformed, $"line {number}: neither a comment nor KEY=value");
            if (!keys.Add(line[..split])) throw new SopsException(SopsFailure.Malformed, $"line {number}: a key that is in the file already");
            map.Add(line[..split], ScalarNode.Text(line[(split + 1)..].Replace("\\n", "\n", StringComparison.Ordinal)));
        }
        return map;
    }

    private static void WriteEntry(StringBuilder text, MapEntry entry)
    {
        if (entry.Value is CommentNode comment)
        {
            foreach (var line in comment.Text.Split('\n')) text.Append('#').Append(line).Append('\n');
            return;
        }
        if (entry.Value is not ScalarNode scalar) throw new SopsException(SopsFailure.Content, $"{entry.Key}: dotenv holds no maps and lists");
        if (entry.Key.StartsWith('#') || entry.Key.AsSpan().ContainsAny('=', '\n')) throw new SopsException(SopsFailure.Content, "a key that dotenv cannot hold");
        var value = DocumentText.TryDecode(scalar.Bytes) ?? throw new SopsException(SopsFailure.Content, $"{entry.Key}: bytes that are not UTF-8 text");
        text.Append(entry.Key).Append('=').Append(value.Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
    }
}
