using System.Text;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>Which ways of writing a text keep it what it is, by the rules of libyaml's emitter (block context).</summary>
internal readonly record struct YamlScalarAnalysis(bool Plain, bool SingleQuoted, bool Literal)
{
    public static YamlScalarAnalysis Of(string text)
    {
        if (text.Length == 0) return new(Plain: false, SingleQuoted: true, Literal: false);
        var indicators = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal) || StartsLikeSyntax(text);
        bool special = false, breaks = false, breakThenSpace = false, spaceThenBreak = false;
        var previous = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            indicators |= i > 0 && IsIndicator(text, i);
            special |= !IsPrintable(c);
            breaks |= IsBreak(c);
            breakThenSpace |= c == ' ' && IsBreak(previous);
            spaceThenBreak |= IsBreak(c) && previous == ' ';
            previous = c;
        }
        var openEdge = IsBlank(text[0]) || IsBlank(text[^1]);
        var lost = special || spaceThenBreak;
        return new(
            Plain: !(lost || breaks || breakThenSpace || indicators || openEdge),
            SingleQuoted: !(lost || breakThenSpace),
            Literal: !(lost || text[^1] == ' '));
    }

    /// <summary>Printable in the sense of YAML 1.1, and within the basic plane (go-yaml escapes the rest).</summary>
    public static bool IsPrintable(char c) =>
        c is '\n' or (>= ' ' and <= '~') or (>= '\u00A0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD' and not '\uFEFF');

    public static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static bool IsBlank(char c) => c == ' ' || IsBreak(c);

    private static bool StartsLikeSyntax(string text) =>
        "#,[]{}&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal) || (text[0] is '?' or ':' or '-' && FollowedByBlank(text, 0));

    private static bool IsIndicator(string text, int i) =>
        (text[i] == ':' && FollowedByBlank(text, i)) || (text[i] == '#' && (IsBlank(text[i - 1]) || text[i - 1] == '\t'));

    private static bool FollowedByBlank(string text, int i) => i + 1 == text.Length || IsBlank(text[i + 1]) || text[i + 1] == '\t';

    /// <summary>The text between double quotes, escaped as libyaml does.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && IsPrintable((char)rune.Value) && !IsBreak((char)rune.Value) && rune.Value is not ('"' or '\\')) result.Append((char)rune.Value);
            else result.Append(EscapeOf(rune.Value));
        }
        return result.ToString();
    }

    private static string EscapeOf(int value) => value switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        0x1B => "\\e",
        '"' => "\\\"",
        '\\' => @"\\",
        0x85 => "\\N",
        0xA0 => "\\_",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => $"\\x{value:X2}",
        <= 0xFFFF => $"\\u{value:X4}",
        _ => $"\\U{value:X8}",
    };
}
