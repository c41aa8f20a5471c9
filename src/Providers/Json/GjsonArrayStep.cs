namespace GitOpsSecrets.Providers.Json;

/// <summary>The first component of a path, as an array understands it: an index, <c>#</c>, <c>#.path</c> or <c>#(query)</c>.</summary>
/// <param name="Index">Null when the component is no index.</param>
/// <param name="IsEach">Whether it is <c>#</c>: the count of the elements, or with <paramref name="Rest"/> that path in each of them.</param>
/// <param name="Query">Which elements; null for all.</param>
internal readonly record struct GjsonArrayStep(int? Index, bool IsEach, GjsonQuery? Query, string? Rest, string? Pipe)
{
    public static GjsonArrayStep Parse(string path)
    {
        if (path.StartsWith("#.", StringComparison.Ordinal)) return new(null, true, null, path[2..], null);
        var (query, at) = path.StartsWith("#(", StringComparison.Ordinal) || path.StartsWith("#[", StringComparison.Ordinal) ? GjsonQuery.Parse(path) : (null, 0);
        var start = at;
        while (at < path.Length && path[at] is not ('.' or '|')) at++;
        var part = path[start..at];
        var index = query is null && part.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && int.TryParse(part, out var parsed) ? parsed : (int?)null;
        var (rest, pipe) = SplitTail(path, at, isPlain: query is null && !part.Contains('#', StringComparison.Ordinal));
        return new(index, query is null && part == "#", query, rest, pipe);
    }

    private static (string? Below, string? Pipe) SplitTail(string path, int at, bool isPlain)
    {
        if (at >= path.Length) return (null, null);
        var tail = path[(at + 1)..];
        return path[at] == '|' || (isPlain && GjsonStep.StartsPipe(tail)) ? (null, tail) : (tail, null);
    }
}
