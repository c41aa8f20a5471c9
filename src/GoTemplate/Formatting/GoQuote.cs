using System.Globalization;
using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Go's quoted strings and characters (strconv.Quote and its relatives).</summary>
public static class GoQuote
{
    public static string Quote(string text) => Quote(GoString.Of(text));

    internal static string Quote(GoString text)
    {
        var builder = new ByteBuilder();
        AppendQuoted(builder, text, asciiOnly: false);
        return builder.ToGoString().ToText();
    }

    internal static void AppendQuoted(ByteBuilder builder, GoString text, bool asciiOnly)
    {
        builder.Append('"');
        var rest = text.Span;
        while (!rest.IsEmpty)
        {
            var (rune, width) = Runes.Decode(rest);
            if (rune == Runes.Error && width == 1)
            {
                builder.Append(string.Create(CultureInfo.InvariantCulture, $"\\x{rest[0]:x2}"));
            }
            else
            {
                AppendEscaped(builder, rune, '"', asciiOnly);
            }

            rest = rest[width..];
        }

        builder.Append('"');
    }

    internal static void AppendQuotedRune(ByteBuilder builder, long rune, bool asciiOnly)
    {
        builder.Append('\'');
        AppendEscaped(builder, Runes.IsValid(rune) ? (int)rune : Runes.Error, '\'', asciiOnly);
        builder.Append('\'');
    }

    /// <summary>The form messages use: <c>U+002D '-'</c>.</summary>
    internal static string Unicode(int rune)
    {
        var code = rune.ToString("X4", CultureInfo.InvariantCulture);
        return IsPrint(rune) ? $"U+{code} '{new Rune(rune)}'" : $"U+{code}";
    }

    /// <summary>Whether a raw (backquoted) string can hold the text.</summary>
    internal static bool CanBackquote(GoString text)
    {
        var rest = text.Span;
        while (!rest.IsEmpty)
        {
            var (rune, width) = Runes.Decode(rest);
            if (rune is 0xFEFF or '`' or 0x7f || (rune < ' ' && rune != '\t') || (rune == Runes.Error && width == 1))
            {
                return false;
            }

            rest = rest[width..];
        }

        return true;
    }

    /// <summary>Go's notion of printable: letters, marks, numbers, punctuation, symbols, and of the blanks only U+0020.</summary>
    internal static bool IsPrint(long rune)
    {
        if (rune < 0x7f)
        {
            return rune >= ' ';
        }

        if (!Runes.IsValid(rune))
        {
            return false;
        }

        return Rune.GetUnicodeCategory(new Rune((int)rune)) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }

    private static void AppendEscaped(ByteBuilder builder, int rune, char quote, bool asciiOnly)
    {
        if (rune == quote || rune == '\\')
        {
            builder.Append('\\');
            builder.Append((char)rune);
        }
        else if (IsPrint(rune) && (rune < 0x80 || !asciiOnly))
        {
            builder.AppendRune(rune);
        }
        else if (rune is >= '\a' and <= '\r')
        {
            builder.Append('\\');
            builder.Append("abtnvfr"[rune - '\a']);
        }
        else
        {
            var format = rune is < ' ' or 0x7f ? "\\x{0:x2}" : rune < 0x10000 ? "\\u{0:x4}" : "\\U{0:x8}";
            builder.Append(string.Format(CultureInfo.InvariantCulture, format, rune));
        }
    }
}
