using GitOpsSecrets.Api;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>
/// Secrets in text that is no YAML before a template engine has run: line by line, by indentation. Sees <c>kind: Secret</c> at the left
/// margin and in lists, and values that are written out below <c>data:</c> and <c>stringData:</c>; a value with braces comes from elsewhere.
/// </summary>
internal static class TemplateScan
{
    public static IEnumerable<Finding> Find(ScannedFile file)
    {
        var offset = 0;
        var document = new List<(int Offset, string Text)>();
        foreach (var line in file.Text.Split('\n'))
        {
            if (line.StartsWith("---", StringComparison.Ordinal))
            {
                foreach (var finding in FindInDocument(file, document)) yield return finding;
                document.Clear();
            }
            else document.Add((offset, line.TrimEnd('\r')));
            offset += line.Length + 1;
        }
        foreach (var finding in FindInDocument(file, document)) yield return finding;
    }

    private static List<Finding> FindInDocument(ScannedFile file, List<(int Offset, string Text)> lines)
    {
        var found = new List<Finding>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (Entry(lines[i].Text) is not ("kind", Secret.SecretKind)) continue;
            // In a list, its first line has the dash; a text within a ConfigMap has none, and is documentation.
            var column = Column(lines[i].Text);
            var start = i;
            while (start > 0 && !IsItem(lines[start].Text, column) && (IsNothing(lines[start - 1].Text) || Column(lines[start - 1].Text) >= column)) start--;
            var end = i + 1;
            while (end < lines.Count && !IsItem(lines[end].Text, column) && (IsNothing(lines[end].Text) || Column(lines[end].Text) >= column)) end++;
            if (column == 0 || IsItem(lines[start].Text, column)) found.AddRange(FindInObject(file, lines[start..end], column));
        }
        return found;
    }

    private static List<Finding> FindInObject(ScannedFile file, List<(int Offset, string Text)> lines, int column)
    {
        var found = new List<Finding>();
        string? field = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var text = lines[i].Text;
            if (IsNothing(text)) continue;
            var entry = Entry(text);
            if (Column(text) == column) field = entry is ("data" or "stringData", "") ? entry.Value.Key : null;
            else if (field is not null && entry is var (key, value))
            {
                var offset = lines[i].Offset + Indent(text);
                if (value is ['|' or '>', ..] or "") value = Block(lines, ref i, Indent(text));
                if (PlainText.Is(value, field == "data")) found.Add(file.Report(ScanRule.PlaintextSecret, offset, $"Secret in a template: {field}.{key} is in plain text"));
            }
        }
        return found;
    }

    /// <summary>Blank, a comment, or an action that stands for itself.</summary>
    private static bool IsNothing(string line) => line.AsSpan().Trim() is [] or ['#', ..] or ['{', '{', ..];

    /// <summary>Where the text begins, behind the dash of a list's item.</summary>
    private static int Column(string line) => Indent(line) + (line.TrimStart() is ['-', ' ', .. var rest] ? 2 + Indent(rest) : 0);

    /// <summary>Whether an item of a list begins there, with its text in this column.</summary>
    private static bool IsItem(string line, int column) => line.TrimStart() is ['-', ' ', ..] && Column(line) == column;

    /// <summary>The lines further in than their key. All of them are passed over.</summary>
    private static string Block(List<(int Offset, string Text)> lines, ref int at, int indent)
    {
        var text = new List<string>();
        while (at + 1 < lines.Count && (lines[at + 1].Text.Trim().Length == 0 || Indent(lines[at + 1].Text) > indent)) text.Add(lines[++at].Text.Trim());
        return string.Join('\n', text);
    }

    private static (string Key, string Value)? Entry(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= Column(line) || (colon + 1 < line.Length && !char.IsWhiteSpace(line[colon + 1]))) return null;
        var key = line[Column(line)..colon].Trim().Trim('"', '\'');
        var value = line[(colon + 1)..].Trim();
        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        if (value.StartsWith('#')) value = "";
        else if (comment >= 0) value = value[..comment].TrimEnd();
        return key.Length == 0 || key.Contains(' ', StringComparison.Ordinal) ? null : (key, value.Trim('"', '\''));
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
