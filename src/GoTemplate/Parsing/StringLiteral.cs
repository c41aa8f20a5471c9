using System.Globalization;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>Go's quoted constants: what is between the quotes, unescaped.</summary>
internal static class StringLiteral
{
    /// <summary>A string constant with its quotes, <c>"…"</c> or <c>`…`</c>; null if an escape is not Go's.</summary>
    public static GoString? Unquote(GoString source)
    {
        var inner = source.Span[1..^1];
        var builder = new ByteBuilder();
        if (source.Span[0] == '`')
        {
            foreach (var value in inner)
            {
                if (value != '\r')
                {
                    builder.Append(value);
                }
            }

            return builder.ToGoString();
        }

        while (!inner.IsEmpty)
        {
            if (inner[0] != '\\')
            {
                builder.Append(inner[0]);
                inner = inner[1..];
                continue;
            }

            if (Escape(ref inner, '"') is not { } escape)
            {
                return null;
            }

            Append(builder, escape.Value, escape.IsByte);
        }

        return builder.ToGoString();
    }

    /// <summary>A character constant with its quotes: the rune, or an error message.</summary>
    public static (int Rune, string? Error) UnquoteChar(GoString source)
    {
        var inner = source.Span[1..];
        int rune;
        if (inner[0] == '\'')
        {
            return (0, "invalid syntax");
        }

        if (inner[0] == '\\')
        {
            if (Escape(ref inner, '\'') is not { } escape)
            {
                return (0, "invalid syntax");
            }

            rune = escape.Value;
        }
        else
        {
            (rune, var width) = Runes.Decode(inner);
            inner = inner[width..];
        }

        return inner.SequenceEqual("'"u8) ? (rune, null) : (0, $"malformed character constant: {source.ToText()}");
    }

    private static void Append(ByteBuilder builder, int value, bool isByte)
    {
        if (isByte)
        {
            builder.Append((byte)value);
        }
        else
        {
            builder.AppendRune(value);
        }
    }

    private static (int Value, bool IsByte)? Escape(ref ReadOnlySpan<byte> text, char quote)
    {
        if (text.Length < 2)
        {
            return null;
        }

        var letter = (char)text[1];
        text = text[2..];
        switch (letter)
        {
            case 'x':
                return Digits(ref text, 2, 16) is { } hex ? (hex, true) : null;
            case 'u':
                return Digits(ref text, 4, 16) is { } rune && Runes.IsValid(rune) ? (rune, false) : null;
            case 'U':
                return Digits(ref text, 8, 16) is { } wide && Runes.IsValid(wide) ? (wide, false) : null;
            case >= '0' and <= '7':
                return Digits(ref text, 2, 8) is { } low && (((letter - '0') * 64) + low) is <= 255 and var octal ? (octal, true) : null;
        }

        var index = "abfnrtv\\".IndexOf(letter, StringComparison.Ordinal);
        return index >= 0 ? ("\a\b\f\n\r\t\v\\"[index], false) : letter == quote ? (quote, false) : null;
    }

    private static int? Digits(ref ReadOnlySpan<byte> text, int count, int radix)
    {
        if (text.Length < count)
        {
            return null;
        }

        long value = 0;
        for (var i = 0; i < count; i++)
        {
            var digit = char.IsAsciiHexDigit((char)text[i]) ? int.Parse([(char)text[i]], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        text = text[count..];
        return value <= 0x10FFFF ? (int)value : null;
    }
}
