using System.Globalization;

namespace GitOpsSecrets.Seal.Cli.Templates;

/// <summary>
/// The line of a template that failed, with a caret under the place:
/// <code>
///   3 | password: {{ .pasword }}
///     |              ^
/// </code>
/// </summary>
internal static class TemplateSnippet
{
    /// <summary>Of a longer line only the part around the place is shown.</summary>
    private const int Widest = 120;

    private const int Before = 60;

    /// <param name="template">The whole template.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">In bytes, from 0, as the engine counts.</param>
    /// <returns>Two lines without an end; empty if the template has no such line.</returns>
    public static string Show(string template, int line, int column)
    {
        var lines = template.Split('\n');
        if (line < 1 || line > lines.Length) return "";
        var text = lines[line - 1].TrimEnd('\r');
        var at = CharactersBefore(text, column);
        var number = line.ToString(CultureInfo.InvariantCulture);
        var from = text.Length > Widest ? Math.Max(0, at - Before) : 0;
        var shown = text.Substring(from, Math.Min(Widest, text.Length - from));
        // Tabs stay tabs, so that the caret stands where the terminal shows the place; control characters would reach the terminal.
        var clean = string.Concat(shown.Select(c => char.IsControl(c) && c != '\t' ? '\ufffd' : c));
        var padding = string.Concat(clean.Take(at - from).Select(c => c == '\t' ? '\t' : ' '));
        return $"  {number} | {clean}\n  {new string(' ', number.Length)} | {padding}^";
    }

    private static int CharactersBefore(string text, int bytes)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0) break;
            at += rune.Utf16SequenceLength;
        }
        return at;
    }
}
