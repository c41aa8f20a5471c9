using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>
/// How text is written as a YAML scalar: as go-yaml v3 does (the layout of SOPS files), plain when that reads back as the same text by its own
/// and by YAML 1.1's rules, otherwise quoted; text of several lines as a literal block. Where go-yaml's choice would not read back, quotes.
/// </summary>
internal static partial class YamlScalarStyle
{
    private static readonly HashSet<string> OldBooleans = new(StringComparer.Ordinal)
    {
        "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF",
    };

    /// <summary>One line of text, as a key or value.</summary>
    public static string Inline(string text)
    {
        var traits = YamlTextTraits.Of(text);
        var readsAsText = YamlScalarType.Resolve(text) is { Kind: ScalarKind.Text } && text != "<<" && !OldBooleans.Contains(text) && !Sexagesimal().IsMatch(text);
        if (readsAsText && traits.PlainAllowed) return text;
        return readsAsText && traits.SingleQuotesAllowed ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : DoubleQuoted(text);
    }

    public static bool IsBlock(string text) => text.Contains('\n', StringComparison.Ordinal) && YamlTextTraits.Of(text).BlockAllowed;

    /// <param name="text">Several lines.</param>
    /// <param name="indent">Columns before the content.</param>
    /// <param name="offset">How many of them are more than those of the node that holds the block.</param>
    /// <param name="comment">Behind the header; may be empty.</param>
    public static string Block(string text, int indent, int offset, string comment)
    {
        var result = new StringBuilder("|");
        if (text[0] is ' ' or '\n') result.Append(offset.ToString(CultureInfo.InvariantCulture));
        var endsWithBreak = text[^1] == '\n';
        if (!endsWithBreak) result.Append('-');
        else if (text.Length == 1 || text[^2] == '\n') result.Append('+');
        result.Append(comment).Append('\n');
        var lines = (endsWithBreak ? text[..^1] : text).Split('\n');
        foreach (var line in lines)
        {
            if (line.Length > 0) result.Append(' ', indent).Append(line);
            result.Append('\n');
        }
        return result.ToString();
    }

    private static string DoubleQuoted(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (YamlTextTraits.IsPrintable(rune.Value) && rune.Value is not ('"' or '\\' or '\n' or 0x2028 or 0x2029)) result.Append(rune.ToString());
            else result.Append(Escape(rune.Value));
        }
        return result.Append('"').ToString();
    }

    private static string Escape(int value) => value switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        0xA => "\\n",
        0xB => "\\v",
        0xC => "\\f",
        0xD => "\\r",
        0x1B => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        0x85 => "\\N",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => "\\x" + value.ToString("X2", CultureInfo.InvariantCulture),
        <= 0xFFFF => "\\u" + value.ToString("X4", CultureInfo.InvariantCulture),
        _ => "\\U" + value.ToString("X8", CultureInfo.InvariantCulture),
    };

    /// <summary>YAML 1.1 takes <c>1:30</c> for ninety.</summary>
    [GeneratedRegex(@"\A[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Sexagesimal();
}
