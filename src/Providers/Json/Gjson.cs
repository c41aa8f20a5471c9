namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// The path language of github.com/tidwall/gjson, in which users write properties. Follows SYNTAX.md there, and the implementation where that
/// is silent; but the document must be valid JSON, since the original's answers about broken ones depend on how it happens to read.
/// </summary>
internal static class Gjson
{
    /// <param name="document">Valid JSON, or JSON lines for a path that starts with two dots.</param>
    /// <returns>Readable until the run or the document ends.</returns>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the path asks for too much.</exception>
    public static JsonPiece Find(ReadOnlyMemory<byte> document, string path, GjsonRun run)
    {
        if (path.Length > GjsonRun.MaxPathLength) throw new ProviderException(ProviderFailureKind.Invalid, $"the property is longer than {GjsonRun.MaxPathLength} characters");
        if (path.StartsWith("..", StringComparison.Ordinal))
        {
            return JsonParts.LinesOf(document) is { } lines ? Finish(new GjsonSearch(run).InLines(lines, path[2..]), run) : JsonPiece.Absent;
        }

        return Get(JsonPiece.Parse(document), path, run);
    }

    /// <summary>The path in a piece, which may be absent: some modifiers make something of nothing.</summary>
    internal static JsonPiece Get(JsonPiece json, string path, GjsonRun run) => run.Nested(() => GetHere(json, path, run));

    private static JsonPiece GetHere(JsonPiece json, string path, GjsonRun run)
    {
        if (path.Length > 1)
        {
            if (path[0] == '@' && GjsonModifiers.TryApply(json, path, run, out var modified, out var rest)) return Continue(modified, rest, run);
            if (path[0] == '!' && GjsonLiteral.TryRead(path, out var literal, out rest)) return Continue(literal, rest, run);
            if (path[0] is '[' or '{' && GjsonMultipath.TryParse(path, out var multipath, out rest))
            {
                if (rest.Length == 0 || rest[0] is '.' or '|') return Continue(multipath.Build(json, run), rest, run);
                path = rest;
            }
        }

        return Finish(new GjsonSearch(run).In(json, path), run);
    }

    private static JsonPiece Continue(JsonPiece value, string rest, GjsonRun run) => rest.Length > 0 && rest[0] is '.' or '|' ? Get(value, rest[1..], run) : value;

    private static JsonPiece Finish(GjsonSearch search, GjsonRun run) => search.Pipe is { } pipe ? Get(search.Value, pipe, run) : search.Value;
}
