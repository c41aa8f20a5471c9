using System.Collections.Frozen;
using System.Text;

namespace GitOpsSecrets.Providers.Json;

/// <summary>The <c>@name:argument</c> components: the built-in ones of gjson.</summary>
internal static class GjsonModifiers
{
    private delegate ReadOnlyMemory<byte> Modifier(JsonPiece json, string argument, GjsonRun run);

    private static readonly FrozenDictionary<string, Modifier> ByName = new Dictionary<string, Modifier>
    {
        ["this"] = (json, _, _) => json.Raw,
        ["valid"] = (json, _, _) => json.Raw,
        ["ugly"] = (json, _, run) => JsonLayout.Ugly(json, run),
        ["pretty"] = JsonLayout.Pretty,
        ["reverse"] = GjsonRearrangements.Reverse,
        ["flatten"] = GjsonRearrangements.Flatten,
        ["join"] = GjsonRearrangements.Join,
        ["group"] = GjsonRearrangements.Group,
        ["keys"] = GjsonRearrangements.Keys,
        ["values"] = GjsonRearrangements.Values,
        ["dig"] = GjsonRearrangements.Dig,
        ["tostr"] = ToText,
        ["fromstr"] = FromText,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Exists(ReadOnlySpan<char> name) => ByName.ContainsKey(name.ToString());

    /// <summary>False when the path starts with no modifier that there is, so that it names a member.</summary>
    public static bool TryApply(JsonPiece json, string path, GjsonRun run, out JsonPiece result, out string rest)
    {
        (result, rest) = (JsonPiece.Absent, path);
        var end = GjsonStep.EndOfName(path);
        if (!ByName.TryGetValue(path[1..end], out var modifier)) return false;
        var hasArgument = end < path.Length - 1 && path[end] == ':';
        var endOfArgument = hasArgument ? EndOfArgument(path, end + 1) : end;
        var argument = hasArgument ? path[(end + 1)..endOfArgument] : "";
        rest = path[endOfArgument..];
        result = JsonPiece.ParseWhole(modifier(json, argument, run));
        return true;
    }

    /// <summary>A member of an argument that is an object.</summary>
    internal static JsonPiece Option(string argument, string name)
    {
        var options = JsonPiece.Parse(Encoding.UTF8.GetBytes(argument));
        if (options.Kind != JsonKind.Object) return JsonPiece.Absent;
        return JsonParts.MembersOf(options.Raw).LastOrDefault(member => member.IsNamed(Encoding.UTF8.GetBytes(name))).Value;
    }

    /// <summary>JSON ends where its brackets do; anything else reaches to the next pipe, dots and all.</summary>
    private static int EndOfArgument(string path, int start)
    {
        if (path[start] is '{' or '[' or '"') return Brackets.EndOf(path, start) + 1;
        for (var i = start; i < path.Length; i++)
        {
            if (path[i] == '|') return i;
            if (path[i] is '{' or '[' or '"' or '(') i = Brackets.EndOf(path, i);
        }

        return path.Length;
    }

    private static ReadOnlyMemory<byte> ToText(JsonPiece json, string argument, GjsonRun run)
    {
        using var quoted = new SecretBuffer();
        JsonText.Quote(json.Raw.Span, quoted);
        return run.Keep(quoted.ToArray());
    }

    private static ReadOnlyMemory<byte> FromText(JsonPiece json, string argument, GjsonRun run) => run.Keep(json.ToText());
}
