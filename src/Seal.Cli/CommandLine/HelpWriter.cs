using System.Text;

namespace GitOpsSecrets.Seal.Cli.CommandLine;

/// <summary>Lays out flags for a terminal of 80 columns or more.</summary>
internal static class HelpWriter
{
    private const int HelpColumn = 34;
    private const int Width = 100;

    public static string Flags(IReadOnlyList<FlagGroup> groups)
    {
        var text = new StringBuilder();
        foreach (var group in groups)
        {
            var shown = group.Flags.Where(flag => !flag.Hidden).ToList();
            if (shown.Count == 0) continue;
            text.Append('\n').Append(group.Heading).Append(":\n");
            foreach (var flag in shown) Append(text, flag);
        }
        return text.ToString();
    }

    /// <summary>Paragraphs, filled to the width; what is indented, as examples are, stays as it is.</summary>
    public static string Prose(string description)
    {
        var text = new StringBuilder();
        var column = 0;
        foreach (var line in description.Split('\n'))
        {
            if (line.Length == 0 || line[0] == ' ' || line.EndsWith(':'))
            {
                if (column > 0) text.Append('\n');
                text.Append(line).Append('\n');
                column = 0;
                continue;
            }
            foreach (var word in line.Split(' '))
            {
                if (column > 0 && column + word.Length + 1 > Width)
                {
                    text.Append('\n');
                    column = 0;
                }
                if (column > 0) text.Append(' ');
                text.Append(word);
                column += word.Length + (column > 0 ? 1 : 0);
            }
        }
        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, Flag flag)
    {
        var spelling = new StringBuilder("  ");
        if (flag.Letter is { } letter) spelling.Append('-').Append(letter).Append(", ");
        else spelling.Append("    ");
        spelling.Append("--").Append(flag.Name);
        if (flag.Kind != FlagKind.Toggle) spelling.Append(' ').Append(flag.Value.Length > 0 ? flag.Value : "VALUE");
        text.Append(spelling);
        if (spelling.Length >= HelpColumn - 1) text.Append('\n').Append(' ', HelpColumn);
        else text.Append(' ', HelpColumn - spelling.Length);
        var help = flag.Default.Length > 0 ? $"{flag.Help} (default {flag.Default})" : flag.Help;
        AppendWrapped(text, help);
        text.Append('\n');
    }

    private static void AppendWrapped(StringBuilder text, string help)
    {
        var column = HelpColumn;
        foreach (var word in help.Split(' '))
        {
            if (column > HelpColumn && column + word.Length + 1 > Width)
            {
                text.Append('\n').Append(' ', HelpColumn);
                column = HelpColumn;
            }
            if (column > HelpColumn)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
        }
    }
}
