using System.Text;

namespace GitOpsSecrets.Sops.Documents.Flat;

/// <summary>
/// Reads ini files as the library of the original does: values trimmed, <c>#</c> or <c>;</c> anywhere in an unquoted value begins a comment,
/// one pair of quotes around a value is taken off, a backslash at the end goes on in the next line, three quotes hold several lines.
/// A comment stands in the tree behind the key that it precedes in the text, a section's comment first in its section: that is where the
/// original has them, and their paths depend on it.
/// </summary>
internal sealed class IniReader
{
    public const string DefaultSection = "DEFAULT";
    private const string TripleQuotes = "\"\"\"";

    private readonly string[] _lines;
    private readonly SopsLimits _limits;
    private readonly StringBuilder _comment = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private int _at;

    private IniReader(string text, SopsLimits limits)
    {
        _lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        _limits = limits;
    }

    public static MapNode Read(ReadOnlySpan<byte> file, SopsLimits limits) => new IniReader(DocumentText.Decode(file, limits), limits).Read();

    private MapNode Read()
    {
        var root = new MapNode();
        var names = new HashSet<string>(StringComparer.Ordinal) { DefaultSection };
        var section = new MapNode();
        root.Add(DefaultSection, section);
        for (_at = 0; _at < _lines.Length; _at++)
        {
            if (_at == _limits.MaxNodes) throw new SopsException(SopsFailure.Limit, $"more than {_limits.MaxNodes} lines");
            var line = _lines[_at].TrimStart();
            if (line.Length == 0) continue;
            if (line[0] is '#' or ';')
            {
                AddComment(line);
            }
            else if (line[0] == '[')
            {
                var name = SectionName(line);
                if (!names.Add(name)) throw Malformed("a section that is in the file already");
                section = new MapNode();
                root.Add(name, section);
                _keys.Clear();
                FlushComment(section);
            }
            else
            {
                ReadKey(line, section);
                FlushComment(section);
            }
        }
        FlushComment(section);
        if (root.Entries[0].Value is MapNode { Entries.Count: 0 }) root.Entries.RemoveAt(0);
        return root;
    }

    private void AddComment(string line)
    {
        if (_comment.Length > 0) _comment.Append('\n');
        _comment.Append(line.TrimEnd());
    }

    /// <summary>The sign of the first line is not part of the comment; those of further lines are (the original's habit).</summary>
    private void FlushComment(MapNode section)
    {
        if (_comment.Length == 0) return;
        var text = _comment.ToString();
        section.Add(new CommentNode(text.TrimStart(text[0], ' ')));
        _comment.Clear();
    }

    private string SectionName(string line)
    {
        var end = line.LastIndexOf(']');
        if (end < 0) throw Malformed("a section without a closing bracket");
        if (line.AsSpan(end + 1).Trim() is { Length: > 0 } rest && rest[0] is '#' or ';') AddComment(line[(end + 1)..].Trim());
        return line[1..end];
    }

    private void ReadKey(string line, MapNode section)
    {
        var (key, valueStart) = KeyName(line);
        if (key.Length == 0 || key == "-") throw Malformed("a key without a name");
        if (!_keys.Add(key)) throw Malformed("a key that is in its section already");
        section.Add(key, ScalarNode.Text(Value(line[valueStart..])));
    }

    private (string Name, int ValueStart) KeyName(string line)
    {
        var quote = line.StartsWith(TripleQuotes, StringComparison.Ordinal) ? TripleQuotes : line[0] is '"' or '`' ? line[..1] : "";
        var end = quote.Length == 0 ? 0 : line.IndexOf(quote, quote.Length, StringComparison.Ordinal);
        if (end < 0) throw Malformed("a key with a quote that does not end");
        var delimiter = line.AsSpan(end).IndexOfAny('=', ':');
        if (delimiter < 0) throw Malformed("neither a section, a comment nor key = value");
        return ((quote.Length == 0 ? line[..delimiter] : line[quote.Length..end]).Trim(), end + delimiter + 1);
    }

    private string Value(string text)
    {
        var value = text.TrimStart();
        if (value.Length == 0) return "";
        if (value.Length > TripleQuotes.Length && value.StartsWith(TripleQuotes, StringComparison.Ordinal)) return Quoted(value[TripleQuotes.Length..], TripleQuotes);
        if (value[0] == '`') return Quoted(value[1..], "`");
        value = value.TrimEnd();
        if (value.EndsWith('\\')) return Continued(value[..^1]);
        var comment = value.AsSpan().IndexOfAny('#', ';');
        if (comment >= 0)
        {
            AddComment(value[comment..]);
            value = value[..comment].TrimEnd();
        }
        var isQuoted = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0];
        return isQuoted ? value[1..^1] : value;
    }

    private string Quoted(string text, string quote)
    {
        var end = text.LastIndexOf(quote, StringComparison.Ordinal);
        if (end >= 0) return text[..end];
        var value = new StringBuilder(text);
        while (++_at < _lines.Length)
        {
            value.Append('\n');
            end = _lines[_at].LastIndexOf(quote, StringComparison.Ordinal);
            if (end >= 0) return value.Append(_lines[_at].AsSpan(0, end)).ToString();
            value.Append(_lines[_at]);
        }
        throw new SopsException(SopsFailure.Malformed, "a quoted value does not end");
    }

    private string Continued(string start)
    {
        var value = new StringBuilder(start);
        while (++_at < _lines.Length)
        {
            var line = _lines[_at].Trim();
            if (!line.EndsWith('\\')) return value.Append(line).ToString();
            value.Append(line.AsSpan(0, line.Length - 1));
        }
        return value.ToString();
    }

    private SopsException Malformed(string problem) => new(SopsFailure.Malformed, $"line {_at + 1}: {problem}");
}
