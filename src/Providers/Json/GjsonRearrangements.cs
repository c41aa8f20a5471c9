using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>The modifiers that make a new array or object of what is in the old one.</summary>
internal static class GjsonRearrangements
{
    public static ReadOnlyMemory<byte> Reverse(JsonPiece json, string argument, GjsonRun run) => json.Kind switch
    {
        JsonKind.Array => Array(Elements(json, run).AsEnumerable().Reverse().Select(element => element.Raw), run),
        JsonKind.Object => Object(Members(json, run).AsEnumerable().Reverse(), run),
        _ => json.Raw,
    };

    public static ReadOnlyMemory<byte> Flatten(JsonPiece json, string argument, GjsonRun run)
    {
        if (json.Kind != JsonKind.Array) return json.Raw;
        var isDeep = GjsonModifiers.Option(argument, "deep").Kind == JsonKind.True;
        return Array(Flat(json, isDeep, isTop: true, run).Select(element => element.Raw), run);
    }

    public static ReadOnlyMemory<byte> Join(JsonPiece json, string argument, GjsonRun run)
    {
        if (json.Kind != JsonKind.Array) return json.Raw;
        var members = Elements(json, run).Where(element => element.Kind == JsonKind.Object).SelectMany(element => Members(element, run)).ToList();
        if (GjsonModifiers.Option(argument, "preserve").Kind == JsonKind.True) return Object(members, run);
        var last = members.GroupBy(member => Encoding.UTF8.GetString(member.Name()), StringComparer.Ordinal).Select(named => named.First() with { Value = named.Last().Value });
        return Object(last, run);
    }

    public static ReadOnlyMemory<byte> Keys(JsonPiece json, string argument, GjsonRun run) => json.Kind switch
    {
        JsonKind.Object => Array(Members(json, run).Select(member => member.RawName), run),
        JsonKind.Array => Array(Elements(json, run).Select(_ => (ReadOnlyMemory<byte>)"null"u8.ToArray()), run),
        JsonKind.Absent => "[]"u8.ToArray(),
        _ => "[null]"u8.ToArray(),
    };

    public static ReadOnlyMemory<byte> Values(JsonPiece json, string argument, GjsonRun run) => json.Kind switch
    {
        JsonKind.Object => Array(Members(json, run).Select(member => member.Value.Raw), run),
        JsonKind.Array => json.Raw,
        JsonKind.Absent => "[]"u8.ToArray(),
        _ => Array([json.Raw], run),
    };

    /// <summary>An object of arrays becomes an array of objects: the first of each, the second of each, and so on.</summary>
    public static ReadOnlyMemory<byte> Group(JsonPiece json, string argument, GjsonRun run)
    {
        if (json.Kind != JsonKind.Object) return ReadOnlyMemory<byte>.Empty;
        var columns = Members(json, run).Where(member => member.Value.Kind == JsonKind.Array).Select(member => (member, Elements: Elements(member.Value, run))).ToList();
        var rows = Enumerable.Range(0, columns.Count == 0 ? 0 : columns.Max(column => column.Elements.Count))
            .Select(row => Object(columns.Where(column => row < column.Elements.Count).Select(column => column.member with { Value = column.Elements[row] }), run));
        return Array(rows, run);
    }

    /// <summary>What the argument, a path, finds here and in everything below, parents first.</summary>
    public static ReadOnlyMemory<byte> Dig(JsonPiece json, string argument, GjsonRun run) => Array(DigInto(json, argument, run).Select(found => found.Raw), run);

    private static IEnumerable<JsonPiece> DigInto(JsonPiece json, string path, GjsonRun run)
    {
        if (Gjson.Get(json, path, run) is { Exists: true } found) yield return found;
        var below = json.Kind == JsonKind.Object ? Members(json, run).Select(member => member.Value) : json.Kind == JsonKind.Array ? Elements(json, run) : [];
        foreach (var deeper in below.SelectMany(piece => DigInto(piece, path, run))) yield return deeper;
    }

    private static IEnumerable<JsonPiece> Flat(JsonPiece array, bool isDeep, bool isTop, GjsonRun run) =>
        Elements(array, run).SelectMany(element => element.Kind == JsonKind.Array && (isTop || isDeep) ? Flat(element, isDeep, isTop: false, run) : [element]);

    private static List<JsonPiece> Elements(JsonPiece array, GjsonRun run)
    {
        var elements = JsonParts.ElementsOf(array.Raw);
        run.Step(elements.Count);
        return elements;
    }

    private static List<JsonMember> Members(JsonPiece container, GjsonRun run)
    {
        var members = JsonParts.MembersOf(container.Raw);
        run.Step(members.Count);
        return members;
    }

    private static ReadOnlyMemory<byte> Array(IEnumerable<ReadOnlyMemory<byte>> items, GjsonRun run)
    {
        using var array = new SecretBuffer();
        array.Append((byte)'[');
        foreach (var item in items)
        {
            if (array.Length > 1) array.Append((byte)',');
            array.Append(item.Span);
        }

        array.Append((byte)']');
        return run.Keep(array.ToArray());
    }

    private static ReadOnlyMemory<byte> Object(IEnumerable<JsonMember> members, GjsonRun run)
    {
        using var text = new SecretBuffer();
        text.Append((byte)'{');
        foreach (var member in members)
        {
            if (text.Length > 1) text.Append((byte)',');
            text.Append(member.RawName.Span);
            text.Append((byte)':');
            text.Append(member.Value.Raw.Span);
        }

        text.Append((byte)'}');
        return run.Keep(text.ToArray());
    }
}
