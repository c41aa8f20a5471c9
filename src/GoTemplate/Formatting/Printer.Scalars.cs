using System.Globalization;
using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Booleans, numbers and strings under every verb.</summary>
internal sealed partial class Printer
{
    private void Pad(ReadOnlySpan<byte> text, bool zeros)
    {
        var missing = (flags.Width ?? 0) - Runes.Count(text);
        if (!flags.Minus)
        {
            Padding(missing, zeros);
        }

        output.Append(text);
        if (flags.Minus)
        {
            Padding(missing, zeros);
        }
    }

    private void PadText(string text) => Pad(Encoding.UTF8.GetBytes(text), flags.Zero);

    private void Padding(int count, bool zeros) => output.AppendRepeated(zeros && !flags.Minus ? (byte)'0' : (byte)' ', count);

    private void PrintBool(GoValue value, int verb)
    {
        if (verb is 't' or 'v')
        {
            PadText(value.IsTrue ? "true" : "false");
        }
        else
        {
            BadVerb(value, verb);
        }
    }

    private void PrintInteger(GoValue value, ulong bits, bool signed, int verb)
    {
        switch (verb)
        {
            case 'v' when flags.SharpV && !signed:
                var sharp = flags.Sharp;
                flags.Sharp = true;
                Integer(bits, 16, signed, verb);
                flags.Sharp = sharp;
                break;
            case 'v' or 'd':
                Integer(bits, 10, signed, verb);
                break;
            case 'b':
                Integer(bits, 2, signed, verb);
                break;
            case 'o' or 'O':
                Integer(bits, 8, signed, verb);
                break;
            case 'x' or 'X':
                Integer(bits, 16, signed, verb);
                break;
            case 'c':
                var rune = new ByteBuilder();
                rune.AppendRune(bits > 0x10FFFF ? Runes.Error : (long)bits);
                Pad(rune.Written, flags.Zero);
                break;
            case 'q':
                var quoted = new ByteBuilder();
                GoQuote.AppendQuotedRune(quoted, bits > 0x10FFFF ? Runes.Error : (long)bits, flags.Plus);
                Pad(quoted.Written, flags.Zero);
                break;
            case 'U':
                Unicode(bits);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void Integer(ulong bits, int radix, bool signed, int verb)
    {
        var negative = signed && unchecked((long)bits) < 0;
        var magnitude = negative ? unchecked(0 - bits) : bits;
        var digitCount = 0;
        if (flags.Precision is { } precision)
        {
            digitCount = precision;
            if (precision == 0 && magnitude == 0)
            {
                Padding(flags.Width ?? 0, zeros: false);
                return;
            }
        }
        else if (flags is { Zero: true, Minus: false, Width: { } width })
        {
            digitCount = negative || flags.Plus || flags.Space ? width - 1 : width;
        }

        var digits = Digits(magnitude, radix).PadLeft(Math.Max(digitCount, 0), '0');
        var prefix = verb == 'O' ? "0o" : "";
        if (flags.Sharp)
        {
            prefix = radix switch
            {
                2 => "0b",
                8 => digits[0] == '0' ? prefix : prefix + "0",
                16 => "0x",
                _ => prefix,
            };
        }

        var text = prefix + digits;
        var sign = negative ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        Pad(Encoding.ASCII.GetBytes(sign + (verb == 'X' ? text.ToUpperInvariant() : text)), zeros: false);
    }

    private static string Digits(ulong value, int radix) => radix switch
    {
        2 => value.ToString("b", CultureInfo.InvariantCulture),
        8 => Octal(value),
        16 => value.ToString("x", CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Octal(ulong value)
    {
        var text = new StringBuilder();
        do
        {
            text.Insert(0, (char)('0' + (value & 7)));
            value >>= 3;
        }
        while (value != 0);
        return text.ToString();
    }

    private void Unicode(ulong bits)
    {
        var text = "U+" + bits.ToString("X" + Math.Max(flags.Precision ?? 4, 4).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (flags.Sharp && bits <= 0x10FFFF && GoQuote.IsPrint((long)bits))
        {
            text += $" '{Runes.ToRune((long)bits)}'";
        }

        Pad(Encoding.UTF8.GetBytes(text), zeros: false);
    }

    private void PrintFloat(GoValue value, double number, int verb)
    {
        switch (verb)
        {
            case 'v':
                Float(number, 'g', -1);
                break;
            case 'b' or 'g' or 'G' or 'x' or 'X':
                Float(number, (char)verb, -1);
                break;
            case 'f' or 'e' or 'E':
                Float(number, (char)verb, 6);
                break;
            case 'F':
                Float(number, 'f', 6);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void Float(double number, char format, int precision)
    {
        precision = flags.Precision ?? precision;
        var text = FloatText.Format(number, format, precision);
        if (text[0] is not ('-' or '+'))
        {
            text = "+" + text;
        }

        if (flags is { Space: true, Plus: false } && text[0] == '+')
        {
            text = " " + text[1..];
        }

        if (text[1] is 'I' or 'N')
        {
            var bare = text[1] == 'N' && !flags.Space && !flags.Plus ? text[1..] : text;
            Pad(Encoding.ASCII.GetBytes(bare), zeros: false);
            return;
        }

        if (flags.Sharp && format != 'b')
        {
            text = KeepPoint(text, format, precision);
        }

        if (!flags.Plus && text[0] == '+')
        {
            PadText(text[1..]);
        }
        else if (flags is { Zero: true, Minus: false, Width: { } width } && width > text.Length)
        {
            output.Append(text[..1]);
            Padding(width - text.Length, zeros: true);
            output.Append(text[1..]);
        }
        else
        {
            PadText(text);
        }
    }

    /// <summary>The # flag: always a point, and the zeros %g would cut.</summary>
    private static string KeepPoint(string text, char format, int precision)
    {
        var wanted = format is 'g' or 'G' or 'x' or 'X' ? (precision == -1 ? 6 : precision) : 0;
        var tailAt = text.IndexOfAny(format is 'x' or 'X' ? ['p', 'P'] : ['e', 'E', 'p', 'P']);
        var number = tailAt < 0 ? text : text[..tailAt];
        var seenNonZero = false;
        foreach (var c in number.AsSpan(1))
        {
            if (c == '.')
            {
                continue;
            }

            seenNonZero |= c != '0';
            wanted -= seenNonZero ? 1 : 0;
        }

        var padded = number;
        if (!number.Contains('.', StringComparison.Ordinal))
        {
            wanted -= number.Length == 2 && number[1] == '0' ? 1 : 0;
            padded += ".";
        }

        return padded + new string('0', Math.Max(wanted, 0)) + (tailAt < 0 ? "" : text[tailAt..]);
    }

    private void PrintComplex(GoComplex value, int verb)
    {
        if (verb is not ('v' or 'b' or 'g' or 'G' or 'x' or 'X' or 'f' or 'F' or 'e' or 'E'))
        {
            BadVerb(value, verb);
            return;
        }

        var plus = flags.Plus;
        output.Append('(');
        PrintFloat(value, value.Real, verb);
        flags.Plus = true;
        PrintFloat(value, value.Imaginary, verb);
        output.Append("i)");
        flags.Plus = plus;
    }

    private void PrintString(GoValue owner, GoString text, int verb)
    {
        switch (verb)
        {
            case 'v' when flags.SharpV:
                Quoted(text);
                break;
            case 'v' or 's':
                Pad(Truncated(text).Span, flags.Zero);
                break;
            case 'x' or 'X':
                HexBytes(text.Span, verb);
                break;
            case 'q':
                Quoted(text);
                break;
            default:
                BadVerb(owner, verb);
                break;
        }
    }

    private GoString Truncated(GoString text) => flags.Precision is { } precision ? Runes.Truncate(text, precision) : text;

    private void Quoted(GoString text)
    {
        text = Truncated(text);
        var quoted = new ByteBuilder();
        if (flags.Sharp && GoQuote.CanBackquote(text))
        {
            quoted.Append('`');
            quoted.Append(text);
            quoted.Append('`');
        }
        else
        {
            GoQuote.AppendQuoted(quoted, text, flags.Plus);
        }

        Pad(quoted.Written, flags.Zero);
    }

    private void HexBytes(ReadOnlySpan<byte> bytes, int verb)
    {
        bytes = flags.Precision is { } precision && precision < bytes.Length ? bytes[..precision] : bytes;
        var upper = verb == 'X';
        var prefix = flags.Sharp && bytes.Length > 0 ? (upper ? "0X" : "0x") : "";
        var text = new StringBuilder(prefix);
        for (var i = 0; i < bytes.Length; i++)
        {
            text.Append(flags.Space && i > 0 ? " " + prefix : "");
            text.Append(bytes[i].ToString(upper ? "X2" : "x2", CultureInfo.InvariantCulture));
        }

        Pad(Encoding.ASCII.GetBytes(text.ToString()), flags.Zero);
    }
}
