using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>
/// Walks one path through objects and arrays. A match that all of the path led to ends the walk; what a query for all collects stays the
/// value only until something later matches, which shows when a wildcard leads to several arrays.
/// </summary>
internal sealed class GjsonSearch(GjsonRun run)
{
    public JsonPiece Value { get; private set; }

    /// <summary>What is still to be applied to <see cref="Value"/>; null for nothing.</summary>
    public string? Pipe { get; private set; }

    public GjsonSearch In(JsonPiece json, string path)
    {
        _ = Into(json, path);
        return this;
    }

    public GjsonSearch InLines(List<JsonPiece> lines, string path)
    {
        _ = InArray(lines, path);
        return this;
    }

    private bool Into(JsonPiece json, string path) => json.Kind switch
    {
        JsonKind.Object => InObject(JsonParts.MembersOf(json.Raw), path),
        JsonKind.Array => InArray(JsonParts.ElementsOf(json.Raw), path),
        _ => false,
    };

    private bool InObject(List<JsonMember> members, string path)
    {
        run.Step(members.Count);
        var step = GjsonStep.Parse(path);
        Pipe = step.Pipe ?? Pipe;
        var part = Encoding.UTF8.GetBytes(step.Part);
        foreach (var member in members)
        {
            if (!(step.IsWild ? GlobPattern.IsMatch(member.Name(), part) : member.IsNamed(part))) continue;
            if (step.Rest is null) return Hit(member.Value);
            if (Into(member.Value, step.Rest)) return true;
        }

        return false;
    }

    private bool InArray(List<JsonPiece> elements, string path)
    {
        run.Step(elements.Count);
        var step = GjsonArrayStep.Parse(path);
        Pipe = step.Pipe ?? Pipe;
        if (step.Query is { } query) return Query(elements, query, step.Rest);
        if (step.IsEach) return Hit(step.Rest is null ? Count(elements.Count) : Each(elements, step.Rest));
        if (step.Index is not { } index || index >= elements.Count) return false;
        return step.Rest is null ? Hit(elements[index]) : Into(elements[index], step.Rest);
    }

    private bool Hit(JsonPiece value)
    {
        Value = value;
        return true;
    }

    private JsonPiece Count(int count) => JsonPiece.Of(run.Keep(Encoding.UTF8.GetBytes(count.ToString(CultureInfo.InvariantCulture))));

    private JsonPiece Each(List<JsonPiece> elements, string path)
    {
        path = SplitPipe(path);
        return Collect(elements.Select(element => Gjson.Get(element, path, run)).Where(found => found.Exists));
    }

    private bool Query(List<JsonPiece> elements, GjsonQuery query, string? rest)
    {
        var matches = elements.Where(element => query.Matches(Asked(element, query)));
        if (!query.IsAll)
        {
            foreach (var match in matches) return Hit(rest is null ? match : Gjson.Get(match, SplitPipe(rest), run));
            return false;
        }

        var found = new List<JsonPiece>();
        foreach (var match in matches)
        {
            // Only a match splits the pipe off: without one the answer is an empty array, whatever was to follow.
            rest = rest is null ? null : SplitPipe(rest);
            found.Add(rest is null ? match : Gjson.Get(match, rest, run));
        }

        if (!Value.Exists) Value = Collect(found.Where(piece => piece.Exists));
        return false;
    }

    private JsonPiece Asked(JsonPiece element, GjsonQuery query)
    {
        if (element.IsContainer) return Gjson.Get(element, query.Path, run);
        return query.Path.Length == 0 ? element : JsonPiece.Absent;
    }

    private JsonPiece Collect(IEnumerable<JsonPiece> pieces)
    {
        using var array = new SecretBuffer();
        array.Append((byte)'[');
        foreach (var piece in pieces)
        {
            if (array.Length > 1) array.Append((byte)',');
            array.Append(piece.Raw.Span);
        }

        array.Append((byte)']');
        return JsonPiece.Of(run.Keep(array.ToArray()));
    }

    /// <summary>The part before a pipe that is meant for the whole result rather than for each element; the pipe is remembered.</summary>
    private string SplitPipe(string path)
    {
        var split = PipeIn(path);
        if (split < 0) return path;
        Pipe = path[(split + 1)..];
        return path[..split];
    }

    private static int PipeIn(string path)
    {
        if (path.StartsWith('{'))
        {
            var end = Brackets.EndOf(path, 0) + 1;
            return end < path.Length && path[end] == '|' ? end : -1;
        }

        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\') i++;
            else if (path[i] == '|') return i;
            else if (path.AsSpan(i).StartsWith(".#(") || path.AsSpan(i).StartsWith(".#[")) i = Brackets.EndOf(path, i + 2);
        }

        return -1;
    }
}
