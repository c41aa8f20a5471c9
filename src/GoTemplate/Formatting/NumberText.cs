using System.Globalization;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Reads numbers as Go's strconv does. Null where Go gives an error, overflow included.</summary>
internal static class NumberText
{
    /// <param name="radix">0 to take it from the prefix, where underscores are allowed too.</param>
    public static ulong? ParseUnsigned(ReadOnlySpan<char> text, int radix)
    {
        var prefixed = radix == 0;
        var digits = text;
        if (prefixed)
        {
            radix = 10;
            if (text.Length > 1 && text[0] == '0')
            {
                (radix, var skip) = (text[1] | 0x20) switch
                {
                    'x' => (16, 2),
                    'b' => (2, 2),
                    'o' => (8, 2),
                    _ => (8, 1),
                };
                digits = text[skip..];
            }
        }

        if (digits.IsEmpty || (text.Contains('_') && !(prefixed && UnderscoresFit(text))))
        {
            return null;
        }

        return Accumulate(digits, radix);
    }

    public static long? ParseSigned(ReadOnlySpan<char> text, int radix)
    {
        var negative = text.StartsWith("-");
        var magnitude = ParseUnsigned(negative || text.StartsWith("+") ? text[1..] : text, radix);
        if (negative)
        {
            return magnitude <= 1UL << 63 ? unchecked(-(long)magnitude.Value) : null;
        }

        return magnitude <= long.MaxValue ? (long)magnitude.Value : null;
    }

    public static double? ParseFloat(ReadOnlySpan<char> text)
    {
        var negative = text.StartsWith("-");
        var unsigned = negative || text.StartsWith("+") ? text[1..] : text;
        var special = unsigned.Length is 3 or 8 ? unsigned.ToString().ToUpperInvariant() : "";
        if (special is "INF" or "INFINITY")
        {
            return negative ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (special == "NAN")
        {
            return double.NaN;
        }

        if (unsigned.IsEmpty || unsigned[0] is '-' or '+' || (unsigned.Contains('_') && !UnderscoresFit(unsigned)))
        {
            return null;
        }

        var plain = unsigned.ToString().Replace("_", "", StringComparison.Ordinal);
        var value = plain.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? HexFloat(plain.AsSpan(2)) : DecimalFloat(plain);
        return value is null || double.IsInfinity(value.Value) ? null : negative ? -value : value;
    }

    /// <summary>Go's rule: an underscore stands between digits, or between a base prefix and a digit.</summary>
    private static bool UnderscoresFit(ReadOnlySpan<char> text)
    {
        var previous = '^';
        var hex = false;
        if (text.Length >= 2 && text[0] == '0' && (text[1] | 0x20) is 'b' or 'o' or 'x')
        {
            hex = (text[1] | 0x20) == 'x';
            text = text[2..];
            previous = '0';
        }

        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) || (hex && char.IsAsciiHexDigit(c)))
            {
                previous = '0';
            }
            else if (c == '_')
            {
                if (previous != '0')
                {
                    return false;
                }

                previous = '_';
            }
            else if (previous == '_')
            {
                return false;
            }
            else
            {
                previous = '!';
            }
        }

        return previous != '_';
    }

    private static ulong? Accumulate(ReadOnlySpan<char> digits, int radix)
    {
        UInt128 value = 0;
        foreach (var c in digits)
        {
            if (c == '_')
            {
                continue;
            }

            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * (uint)radix) + (uint)digit;
            if (value > ulong.MaxValue)
            {
                return null;
            }
        }

        return (ulong)value;
    }

    private static double? DecimalFloat(string text) =>
        !text.EndsWith('e') && double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? HexFloat(ReadOnlySpan<char> text)
    {
        var exponentAt = text.IndexOfAny('p', 'P');
        if (exponentAt < 0 || !int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return null;
        }

        var mantissa = text[..exponentAt];
        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (digits.Length == 0 || !UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        return Math.ScaleB((double)value, exponent - (point < 0 ? 0 : 4 * (mantissa.Length - point - 1)));
    }
}
