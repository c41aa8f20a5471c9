using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using YamlDotNet.Core;

namespace GitOpsSecrets.Seal.Cli.Editing;

/// <summary>
/// Changes single values of a text and leaves every other character alone: comments, order, quotes, line ends. It collects changes
/// against the text as it was read and applies them together. What comes out is not trusted: see <see cref="ManifestEdit"/>.
/// </summary>
internal sealed class SourceEditor(string text)
{
    private const int Indentation = 2;

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = GoJsonEncoder.Instance };

    private readonly List<(int Start, int End, string Text)> _changes = [];
    private readonly Dictionary<SourceNode, (SourceNode? Parent, JsonObject Added)> _additions = [];
    private readonly string _newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <summary>Sets the string at a path below a map; maps on the way that do not exist are made.</summary>
    /// <returns>False when something on the way is no map.</returns>
    public bool Set(SourceNode map, ReadOnlySpan<string> path, string value)
    {
        SourceNode? parent = null;
        var node = map;
        var at = 0;
        for (; at < path.Length && node.Child(path[at]) is { } child; at++) (parent, node) = (node, child);
        if (at == path.Length)
        {
            if (node.Entries is not null || node.Items is not null) return false;
            _changes.Add((node.Start, node.End, Scalar(node, value, InFlow(parent)) + CommentOf(node)));
            return true;
        }
        if (node.Entries is null && !node.Null) return false;
        if (!_additions.TryGetValue(node, out var addition)) _additions[node] = addition = (parent, []);
        var target = addition.Added;
        foreach (var step in path[at..^1])
        {
            if (target[step] is not JsonObject) target[step] = new JsonObject();
            target = (JsonObject)target[step]!;
        }
        target[path[^1]] = value;
        return true;
    }

    /// <summary>Takes an entry out of the map at a path: with its line, with what stands behind it there, without the comments above.</summary>
    /// <returns>False when there is no such entry, or when it shares its line with something else.</returns>
    public bool Remove(SourceNode map, ReadOnlySpan<string> path)
    {
        var node = map;
        foreach (var step in path[..^1])
        {
            if (node.Child(step) is not { } child) return false;
            node = child;
        }
        var key = path[^1];
        var entries = node.Entries?.ToList() ?? [];
        var at = entries.FindIndex(entry => entry.Key == key);
        if (at < 0) return false;
        if (entries.Count == 1) _changes.Add(node.Flow ? (node.Start, node.End, "{}") : Emptied(node));
        else if (node.Flow && at > 0) _changes.Add((entries[at - 1].Value.End, entries[at].Value.End, ""));
        else if (node.Flow) _changes.Add((entries[0].KeyStart, entries[1].KeyStart, ""));
        else return RemoveLines(entries[at]);
        return true;
    }

    // The last entry of a block map goes: "{}" takes the map's place, behind the colon if nothing but white space stands there.
    private (int Start, int End, string Text) Emptied(SourceNode map)
    {
        var start = map.Start;
        while (start > 0 && char.IsWhiteSpace(text[start - 1])) start--;
        return start > 0 && text[start - 1] == ':' ? (start, map.End, " {}") : (map.Start, map.End, "{}");
    }

    private bool RemoveLines(SourceEntry entry)
    {
        var start = entry.KeyStart == 0 ? 0 : text.LastIndexOf('\n', entry.KeyStart - 1) + 1;
        if (!text.AsSpan(start, entry.KeyStart - start).IsWhiteSpace()) return false;
        var lineEnd = text.IndexOf('\n', Math.Max(entry.Value.End - 1, entry.KeyStart));
        // Without a line end behind it, the one before goes.
        if (lineEnd < 0) _changes.Add((Math.Max(start - _newLine.Length, 0), text.Length, ""));
        else _changes.Add((start, lineEnd + 1, ""));
        return true;
    }

    public string Apply()
    {
        foreach (var (node, (parent, added)) in _additions) _changes.Add(Addition(node, parent, added));
        var result = new StringBuilder(text);
        foreach (var (start, end, replacement) in _changes.OrderByDescending(change => change.Start).ThenByDescending(change => change.End))
            result.Remove(start, end - start).Insert(start, replacement);
        return result.ToString();
    }

    private (int Start, int End, string Text) Addition(SourceNode node, SourceNode? parent, JsonObject added)
    {
        if (node.Null)
        {
            // "annotations:" with nothing behind it: the new lines go below, two columns further in than the key.
            return InFlow(parent)
                ? (node.Start, node.End, Json(added))
                : (node.Start, node.End, _newLine + Block(added, parent!.Column + Indentation).TrimEnd('\r', '\n'));
        }
        if (node.Flow) return FlowAddition(node, added);
        if (node.Entries!.Count == 0) return (node.Start, node.End, Json(added));
        var lineEnd = text.IndexOf('\n', Math.Max(node.End - 1, 0));
        return lineEnd < 0
            ? (text.Length, text.Length, _newLine + Block(added, node.Column))
            : (lineEnd + 1, lineEnd + 1, Block(added, node.Column));
    }

    // Repeats the white space before the last entry, so that "one a line" stays so.
    private (int Start, int End, string Text) FlowAddition(SourceNode node, JsonObject added)
    {
        var members = Json(added)[1..^1];
        if (node.Entries is not [.., var last]) return (node.Start + 1, node.Start + 1, members);
        var gapStart = last.KeyStart;
        while (gapStart > node.Start + 1 && char.IsWhiteSpace(text[gapStart - 1])) gapStart--;
        var gap = text[gapStart..last.KeyStart];
        var lines = added.Select(entry => $",{gap}{Json(JsonValue.Create(entry.Key))}: {Json(entry.Value)}");
        return (last.Value.End, last.Value.End, string.Concat(lines));
    }

    private string Block(JsonObject added, int column)
    {
        var indent = new string(' ', column);
        var lines = YamlWriter.Write(added).TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? line : indent + line);
        return string.Join(_newLine, lines) + _newLine;
    }

    /// <summary>What stands behind the <c>|</c> or <c>&gt;-</c> of a block, on its line: it would go with the block.</summary>
    private string CommentOf(SourceNode old)
    {
        if (old.Style is not (ScalarStyle.Literal or ScalarStyle.Folded)) return "";
        var line = text.AsSpan(old.Start);
        if (line.IndexOf('\n') is >= 0 and var end) line = line[..end].TrimEnd('\r');
        for (var i = 1; i < line.Length; i++)
        {
            // Behind white space: in a tag it is a character like others.
            if (line[i] == '#' && line[i - 1] is (' ' or '\t')) return line[line[..i].TrimEnd().Length..].ToString();
        }
        return "";
    }

    private static string Scalar(SourceNode old, string value, bool flow)
    {
        var plainEnough = !value.AsSpan().ContainsAny("'\r\n\\");
        if (old.Style == ScalarStyle.SingleQuoted && plainEnough) return $"'{value}'";
        if (flow || old.Style == ScalarStyle.DoubleQuoted || !plainEnough) return Json(JsonValue.Create(value));
        return YamlWriter.Write(JsonValue.Create(value)).TrimEnd('\n');
    }

    private static bool InFlow(SourceNode? parent) => parent is { Flow: true };

    private static string Json(JsonNode? node) => node?.ToJsonString(OneLine) ?? "null";
}
