using System.Text;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>
/// Writes documents in the layout of SOPS files, which is go-yaml's: the next level starts at the next multiple of the
/// indentation (four unless told), but right behind the dash of a list item. A file that sops wrote and nobody edited is written back byte for byte.
/// </summary>
internal sealed class YamlEmitter
{
    private const int DashWidth = 2;

    /// <summary>Longer keys need YAML's explicit form; go-yaml's bound.</summary>
    private const int MaxSimpleKeyLength = 128;

    private readonly StringBuilder _text = new();
    private readonly int _step;

    private YamlEmitter(int step) => _step = step;

    public static string Write(IReadOnlyList<MapNode> documents, SopsLayout layout)
    {
        var emitter = new YamlEmitter(layout.YamlIndent);
        for (var i = 0; i < documents.Count; i++)
        {
            if (i > 0) emitter._text.Append("---\n");
            emitter.WriteMap(documents[i], 0, afterDash: false);
        }
        return emitter._text.ToString();
    }

    /// <param name="map">Maybe empty, maybe of comments alone.</param>
    /// <param name="indent">Column of its keys.</param>
    /// <param name="afterDash">Whether the first key stands on the line of a list item's dash; the comments before it are written already.</param>
    private void WriteMap(MapNode map, int indent, bool afterDash)
    {
        if (!map.Entries.Any(e => !e.IsComment))
        {
            foreach (var entry in map.Entries) WriteComment((CommentNode)entry.Value, indent);
            Indent(indent).Append("{}\n");
            return;
        }
        var pending = new List<CommentNode>();
        foreach (var entry in map.Entries)
        {
            if (entry.Value is CommentNode comment)
            {
                pending.Add(comment);
                continue;
            }
            var inline = TakeInline(pending, entry.Value);
            if (!afterDash) WriteComments(pending, indent);
            pending.Clear();
            WriteEntry(entry, indent, inline, afterDash);
            afterDash = false;
        }
        WriteComments(pending, indent);
    }

    private void WriteEntry(MapEntry entry, int indent, string inline, bool afterDash)
    {
        if (!afterDash) Indent(indent);
        var key = entry.Key == "<<" ? "!!merge <<" : YamlScalarStyle.Inline(entry.Key);
        if (key.Length > MaxSimpleKeyLength)
        {
            _text.Append("? ").Append(key).Append('\n');
            Indent(indent).Append(':');
        }
        else
        {
            _text.Append(key).Append(':');
        }
        WriteValue(entry.Value, indent, NextLevel(indent), inline);
    }

    /// <param name="value">What stands behind a key.</param>
    /// <param name="parentIndent">Column of the key.</param>
    /// <param name="indent">Column of the next level.</param>
    /// <param name="inline">Comment for a scalar's line, with its leading space.</param>
    private void WriteValue(DocumentNode value, int parentIndent, int indent, string inline)
    {
        switch (value)
        {
            case MapNode map when map.Entries.Count > 0:
                _text.Append('\n');
                WriteMap(map, indent, afterDash: false);
                break;
            case ListNode list when list.Items.Count > 0:
                _text.Append('\n');
                WriteList(list, indent, afterDash: false);
                break;
            default:
                WriteLeaf(value, parentIndent, indent, inline);
                break;
        }
    }

    private void WriteList(ListNode list, int indent, bool afterDash)
    {
        if (list.Items.All(i => i is CommentNode))
        {
            foreach (var item in list.Items) WriteComment((CommentNode)item, indent);
            Indent(indent).Append("[]\n");
            return;
        }
        var pending = new List<CommentNode>();
        foreach (var item in list.Items)
        {
            if (item is CommentNode comment)
            {
                pending.Add(comment);
                continue;
            }
            var inline = TakeInline(pending, item);
            if (!afterDash) WriteComments(pending, indent);
            // What stands before the first entry of the item would separate it from its dash.
            foreach (var leading in LeadingComments(item)) WriteComment(leading, indent);
            pending.Clear();
            if (!afterDash) Indent(indent);
            afterDash = false;
            _text.Append('-');
            WriteItem(item, indent, inline);
        }
        WriteComments(pending, indent);
    }

    private void WriteItem(DocumentNode item, int indent, string inline)
    {
        var inner = indent + DashWidth;
        switch (item)
        {
            case MapNode map when map.Entries.Any(e => !e.IsComment):
                _text.Append(' ');
                WriteMap(map, inner, afterDash: true);
                break;
            case ListNode list when list.Items.Any(i => i is not CommentNode):
                _text.Append(' ');
                WriteList(list, inner, afterDash: true);
                break;
            default:
                WriteLeaf(item, indent, inner, inline);
                break;
        }
    }

    /// <summary>What has no level of its own: a scalar, or a map or list without entries.</summary>
    private void WriteLeaf(DocumentNode value, int parentIndent, int indent, string inline)
    {
        _text.Append(' ');
        if (value is ScalarNode scalar) WriteScalar(scalar, parentIndent, indent, inline);
        else _text.Append(value is MapNode ? "{}\n" : "[]\n");
    }

    /// <summary>The comments before the first entry of a list item, through items that start on the same line.</summary>
    private static IEnumerable<CommentNode> LeadingComments(DocumentNode item)
    {
        var leading = new List<CommentNode>();
        List<DocumentNode> parts = item switch
        {
            MapNode map => [.. map.Entries.Select(e => e.Value)],
            ListNode list => list.Items,
            _ => [],
        };
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not CommentNode comment) return item is ListNode ? leading.Concat(LeadingComments(parts[i])) : leading;
            if (!comment.Inline || i + 1 == parts.Count || parts[i + 1] is not ScalarNode) leading.Add(comment);
        }
        return leading;
    }

    private void WriteScalar(ScalarNode scalar, int parentIndent, int indent, string inline)
    {
        if (scalar.Kind == ScalarKind.Text && DocumentText.TryDecode(scalar.Bytes) is { } text)
        {
            if (YamlScalarStyle.IsBlock(text)) _text.Append(YamlScalarStyle.Block(text, indent, indent - parentIndent, inline));
            else _text.Append(YamlScalarStyle.Inline(text)).Append(inline).Append('\n');
            return;
        }
        _text.Append(scalar.Kind switch
        {
            ScalarKind.Null => "null",
            ScalarKind.Text => "!!binary " + Convert.ToBase64String(scalar.Bytes),
            ScalarKind.Real => GoFloat.TryParse(scalar.GetText(), out var value) ? GoFloat.Yaml(value) : scalar.GetText(),
            ScalarKind.Boolean => scalar.Bytes.AsSpan().SequenceEqual("True"u8) ? "true" : "false",
            _ => scalar.GetText(),
        });
        _text.Append(inline).Append('\n');
    }

    /// <summary>The comment that goes behind a scalar's value: the last of those before it, if it says so.</summary>
    private static string TakeInline(List<CommentNode> pending, DocumentNode value)
    {
        if (value is not ScalarNode || pending.Count == 0 || !pending[^1].Inline) return "";
        var text = " #" + pending[^1].Text.ReplaceLineEndings(" ");
        pending.RemoveAt(pending.Count - 1);
        return text;
    }

    private void WriteComments(List<CommentNode> comments, int indent)
    {
        foreach (var comment in comments) WriteComment(comment, indent);
    }

    /// <summary>A comment that was opened may hold line breaks; each line must stay a comment.</summary>
    private void WriteComment(CommentNode comment, int indent)
    {
        foreach (var line in comment.Text.ReplaceLineEndings("\n").Split('\n')) Indent(indent).Append('#').Append(line).Append('\n');
    }

    private StringBuilder Indent(int columns) => _text.Append(' ', columns);

    private int NextLevel(int indent) => _step * ((indent + _step) / _step);
}
