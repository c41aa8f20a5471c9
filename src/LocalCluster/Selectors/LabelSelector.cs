using System.Text.Json.Nodes;
using GitOpsSecrets.LocalCluster.Http;

namespace GitOpsSecrets.LocalCluster.Selectors;

/// <summary>A <c>labelSelector</c>: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;1</c>.</summary>
internal sealed class LabelSelector
{
    private readonly IReadOnlyList<Func<JsonObject?, bool>> requirements;

    private LabelSelector(IReadOnlyList<Func<JsonObject?, bool>> requirements) => this.requirements = requirements;

    public bool IsEmpty => requirements.Count == 0;

    /// <exception cref="ApiException">400: not a selector.</exception>
    public static LabelSelector Parse(string text)
    {
        var parts = Split(text);
        return new LabelSelector([.. parts.Select(part => Requirement(part.Trim(), text))]);
    }

    public bool Matches(JsonObject json)
    {
        if (IsEmpty) return true;
        var labels = json["metadata"]?["labels"] as JsonObject;
        return requirements.All(holds => holds(labels));
    }

    /// <summary>Cuts at commas outside parentheses.</summary>
    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '(') depth++;
            if (i < text.Length && text[i] == ')') depth--;
            if (i < text.Length && (text[i] != ',' || depth > 0)) continue;
            if (text[start..i].Trim().Length > 0) parts.Add(text[start..i]);
            start = i + 1;
        }

        return parts;
    }

    private static Func<JsonObject?, bool> Requirement(string part, string whole)
    {
        if (part.EndsWith(')')) return SetRequirement(part, whole);
        if (part.StartsWith('!')) return WithKey(part[1..].Trim(), whole, (key, labels) => Value(labels, key) is null);
        foreach (var sign in (string[])["!=", "==", "="])
        {
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0) continue;
            var wanted = part[(at + sign.Length)..].Trim();
            if (wanted.Contains('=', StringComparison.Ordinal)) throw Unreadable(whole);
            return WithKey(part[..at].Trim(), whole, (key, labels) => Value(labels, key) == wanted == (sign != "!="));
        }

        var compare = part.IndexOfAny(['>', '<']);
        if (compare < 0) return WithKey(part, whole, (key, labels) => Value(labels, key) is not null);
        if (!long.TryParse(part[(compare + 1)..], out var bound)) throw Unreadable(whole);
        var greater = part[compare] == '>';
        return WithKey(part[..compare].Trim(), whole, (key, labels) => long.TryParse(Value(labels, key), out var number) && (greater ? number > bound : number < bound));
    }

    private static Func<JsonObject?, bool> SetRequirement(string part, string whole)
    {
        var open = part.IndexOf('(', StringComparison.Ordinal);
        var words = open < 0 ? [] : part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || words[1] is not ("in" or "notin")) throw Unreadable(whole);
        var values = part[(open + 1)..^1].Split(',').Select(value => value.Trim()).ToHashSet(StringComparer.Ordinal);
        var wanted = words[1] == "in";
        return WithKey(words[0], whole, (key, labels) => (Value(labels, key) is { } value && values.Contains(value)) == wanted);
    }

    private static Func<JsonObject?, bool> WithKey(string key, string whole, Func<string, JsonObject?, bool> test)
    {
        if (key.Length == 0 || key.IndexOfAny([' ', '=', '!', '(', ')', '@', '#']) >= 0) throw Unreadable(whole);
        return labels => test(key, labels);
    }

    private static string? Value(JsonObject? labels, string key) => labels?[key]?.GetValue<string>();

    private static ApiException Unreadable(string text) => ApiErrors.BadRequest($"unable to parse requirement: found '{text}', expected: a label selector");
}
