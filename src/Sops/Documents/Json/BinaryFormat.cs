namespace GitOpsSecrets.Sops.Documents.Json;

/// <summary>Any bytes as one value: <c>{ "data": "ENC[…]", "sops": {…} }</c>. The value is of type str, yet need not be text.</summary>
internal sealed class BinaryFormat : IDocumentFormat
{
    private const string Key = "data";

    private readonly JsonFormat _json = new();

    public IReadOnlyList<MapNode> ReadPlain(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        if (file.Length > limits.MaxBytes) throw new SopsException(SopsFailure.Limit, $"the file is longer than {limits.MaxBytes} bytes");
        return [new MapNode([new MapEntry(Key, ScalarNode.Text(file.ToArray()))])];
    }

    public byte[] WritePlain(IReadOnlyList<MapNode> documents, SopsLayout layout) =>
        documents is [{ Entries: [{ Key: Key, Value: ScalarNode { Kind: ScalarKind.Text } value }] }]
            ? [.. value.Bytes]
            : throw new SopsException(SopsFailure.Content, "a binary file holds one text value named data");

    public SealedTree ReadSealed(ReadOnlySpan<byte> file, SopsLimits limits)
    {
        var tree = _json.ReadSealed(file, limits);
        return tree.Documents[0].Entries is [{ Key: Key, Value: ScalarNode { Kind: ScalarKind.Text } }]
            ? tree
            : throw new SopsException(SopsFailure.Malformed, "not an encrypted binary file: something else than one text value named data");
    }

    public byte[] WriteSealed(SealedTree tree, SopsLayout layout) => _json.WriteSealed(tree, layout);
}
