namespace GitOpsSecrets.Providers.Json;

/// <summary>One side of a filter's comparison: a path from <c>@</c> or <c>$</c>, or a constant.</summary>
internal sealed class JsonPathOperand
{
    private readonly JsonPath? path;
    private readonly bool isFromRoot;
    private readonly JsonPiece constant;

    private JsonPathOperand(JsonPath? path, bool isFromRoot, JsonPiece constant) => (this.path, this.isFromRoot, this.constant) = (path, isFromRoot, constant);

    public static JsonPathOperand OfPath(JsonPath path, bool isFromRoot) => new(path, isFromRoot, JsonPiece.Absent);

    public static JsonPathOperand OfConstant(JsonPiece value) => new(null, false, value);

    /// <summary>Absent where the path leads to nothing, or to more than one value.</summary>
    public JsonPiece ValueAt(JsonPiece current, JsonPathRun run)
    {
        if (path is null) return constant;
        return path.Find(isFromRoot ? run.Root : current, run, out _) is [var only] && !path.FindsMany ? only : JsonPiece.Absent;
    }

    public static bool AreEqual(JsonPiece one, JsonPiece other)
    {
        if (one.Kind != other.Kind) return false;
        return one.Kind switch
        {
            JsonKind.Number => JsonNumber.Of(one.Raw.Span).Equals(JsonNumber.Of(other.Raw.Span)),
            JsonKind.Text => one.ToText().AsSpan().SequenceEqual(other.ToText()),
            _ => one.Raw.Span.SequenceEqual(other.Raw.Span),
        };
    }
}
