namespace GitOpsSecrets.Providers.Json;

/// <summary>A member of an object.</summary>
/// <param name="RawName">The name as it is written, quotes included.</param>
internal readonly record struct JsonMember(ReadOnlyMemory<byte> RawName, JsonPiece Value)
{
    private ReadOnlySpan<byte> Written => RawName.Span[1..^1];

    public byte[] Name() => JsonText.Unescape(Written);

    public bool IsNamed(ReadOnlySpan<byte> name) =>
        Written.Contains((byte)'\\') ? JsonText.Unescape(Written).AsSpan().SequenceEqual(name) : Written.SequenceEqual(name);

    public override string ToString() => Value.ToString();
}
