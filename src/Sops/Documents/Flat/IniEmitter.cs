using System.Text;

namespace GitOpsSecrets.Sops.Documents.Flat;

/// <summary>Writes ini files as the library of the original does: equals signs of a section under each other, an empty line between sections.</summary>
internal static class IniEmitter
{
    public static byte[] Write(MapNode root)
    {
        var text = new StringBuilder();
        foreach (var entry in root.Entries.Where(e => !e.IsComment))
        {
            if (entry.Value is not MapNode section) throw new SopsException(SopsFailure.Content, $"{entry.Key}: ini holds sections alone at its root");
            if (entry.Key.AsSpan().ContainsAny('\n', '\r')) throw new SopsException(SopsFailure.Content, "a section name with a line break");
            if (text.Length > 0) text.Append('\n');
            WriteSection(text, entry.Key, section);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteSection(StringBuilder text, string name, MapNode section)
    {
        var entries = section.Entries;
        var first = 0;
        for (; first < entries.Count && entries[first].Value is CommentNode comment; first++) WriteComment(text, comment);
        if (name != IniReader.DefaultSection) text.Append('[').Append(name).Append("]\n");
        var width = entries.Where(e => !e.IsComment).Select(e => Key(e.Key).Length).DefaultIfEmpty(0).Max();
        for (var i = first; i < entries.Count; i++)
        {
            if (entries[i].Value is not ScalarNode scalar)
            {
                if (entries[i].Value is not CommentNode) throw new SopsException(SopsFailure.Content, $"{name}.{entries[i].Key}: ini holds no maps and lists inside a section");
                continue;
            }
            // In the tree a key's comments stand behind it, in the text before.
            for (var c = i + 1; c < entries.Count && entries[c].Value is CommentNode comment; c++) WriteComment(text, comment);
            text.Append(Key(entries[i].Key).PadRight(width)).Append(" = ").Append(Value(scalar, $"{name}.{entries[i].Key}")).Append('\n');
        }
    }

    private static void WriteComment(StringBuilder text, CommentNode comment)
    {
        foreach (var line in comment.Text.Split('\n'))
        {
            var hasSign = line.Length > 0 && line[0] is '#' or ';';
            text.Append(hasSign ? line[0] : ';').Append(' ').Append(hasSign ? line[1..].Trim() : line).Append('\n');
        }
    }

    private static string Key(string name)
    {
        if (name.AsSpan().ContainsAny('\n', '\r')) throw new SopsException(SopsFailure.Content, "a key with a line break");
        var needsQuotes = name.Length == 0 || name.AsSpan().ContainsAny("\"=:") || name[0] is '[' or '#' or ';' || name.Trim() != name;
        if (name.Contains('`', StringComparison.Ordinal)) return $"\"\"\"{name}\"\"\"";
        return needsQuotes ? $"`{name}`" : name;
    }

    private static string Value(ScalarNode scalar, string place)
    {
        var value = DocumentText.TryDecode(scalar.Bytes) ?? throw new SopsException(SopsFailure.Content, $"{place}: bytes that are not UTF-8 text");
        if (value.AsSpan().ContainsAny('\n', '`', '\r'))
        {
            return value.Contains("\"\"\"", StringComparison.Ordinal) ? throw new SopsException(SopsFailure.Content, $"{place}: a value that ini cannot quote") : $"\"\"\"{value}\"\"\"";
        }
        var isLikeQuoted = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0];
        if (value.AsSpan().ContainsAny('#', ';') || value.EndsWith('\\') || isLikeQuoted || value.StartsWith("\"\"\"", StringComparison.Ordinal)) return $"`{value}`";
        return value.Trim() == value ? value : $"\"{value}\"";
    }
}
