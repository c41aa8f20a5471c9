using System.Globalization;
using System.Text;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Go's strconv.FormatFloat: formats e, E, f, g, G, b, x, X; precision -1 is the shortest that reads back the same.</summary>
internal static class FloatText
{
    private const int ShortestExponentLimit = 6;

    public static string Format(double value, char format, int precision)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        var sign = double.IsNegative(value) ? "-" : "";
        var magnitude = Math.Abs(value);
        return sign + format switch
        {
            'b' => Binary(magnitude),
            'x' or 'X' => Hex(magnitude, format, precision),
            _ => Decimal(precision < 0 ? DecimalDigits.Shortest(magnitude) : DecimalDigits.Exact(magnitude), format, precision),
        };
    }

    /// <summary>%g of a 32-bit float.</summary>
    public static string FormatSingle(float value) =>
        float.IsFinite(value) ? (float.IsNegative(value) ? "-" : "") + Decimal(DecimalDigits.Shortest(Math.Abs(value)), 'g', -1) : Format(value, 'g', -1);

    private static string Decimal(DecimalDigits digits, char format, int precision)
    {
        var shortest = precision < 0;
        switch (format)
        {
            case 'e' or 'E':
                digits = shortest ? digits : digits.Round(precision + 1);
                return Exponent(digits, shortest ? Math.Max(digits.Digits.Length - 1, 0) : precision, format);
            case 'f':
                digits = shortest ? digits : digits.Round(digits.Point + precision);
                return Fixed(digits, shortest ? Math.Max(digits.Digits.Length - digits.Point, 0) : precision);
            default:
                return General(digits, format, precision);
        }
    }

    private static string General(DecimalDigits digits, char format, int precision)
    {
        var shortest = precision < 0;
        if (!shortest)
        {
            precision = Math.Max(precision, 1);
            digits = digits.Round(precision);
        }

        var count = digits.Digits.Length;
        var limit = shortest ? ShortestExponentLimit : precision > count && count >= digits.Point ? count : precision;
        var exponent = count == 0 ? -1 : digits.Point - 1;
        if (exponent < -4 || exponent >= limit)
        {
            return Exponent(digits, (shortest || precision > count ? count : precision) - 1, format == 'g' ? 'e' : 'E');
        }

        return Fixed(digits, Math.Max(count - digits.Point, 0));
    }

    private static string Exponent(DecimalDigits digits, int precision, char letter)
    {
        var text = new StringBuilder().Append(digits.At(0));
        if (precision > 0)
        {
            text.Append('.');
        }

        for (var i = 1; i <= precision; i++)
        {
            text.Append(digits.At(i));
        }

        var exponent = digits.Digits.Length == 0 ? 0 : digits.Point - 1;
        return text.Append(letter).Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    private static string Fixed(DecimalDigits digits, int precision)
    {
        var text = new StringBuilder();
        for (var i = 0; i < digits.Point; i++)
        {
            text.Append(digits.At(i));
        }

        if (digits.Point <= 0)
        {
            text.Append('0');
        }

        if (precision > 0)
        {
            text.Append('.');
        }

        for (var i = 0; i < precision; i++)
        {
            text.Append(digits.At(digits.Point + i));
        }

        return text.ToString();
    }

    private static string Binary(double magnitude)
    {
        var (mantissa, exponent) = Parts(magnitude);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}p{exponent - 52:+0;-0;+0}");
    }

    private static (ulong Mantissa, int Exponent) Parts(double magnitude)
    {
        var bits = BitConverter.DoubleToUInt64Bits(magnitude);
        var exponent = (int)(bits >> 52);
        var fraction = bits & 0xFFFFFFFFFFFFFUL;
        return exponent == 0 ? (fraction, -1022) : (fraction | (1UL << 52), exponent - 1023);
    }

    private static string Hex(double magnitude, char letter, int precision)
    {
        var (mantissa, exponent) = Parts(magnitude);
        if (mantissa == 0)
        {
            exponent = 0;
        }

        // One bit before the point, 60 after.
        mantissa <<= 60 - 52;
        while (mantissa != 0 && (mantissa & (1UL << 60)) == 0)
        {
            mantissa <<= 1;
            exponent--;
        }

        if (precision is >= 0 and < 15)
        {
            var shift = precision * 4;
            var extra = (mantissa << shift) & ((1UL << 60) - 1);
            mantissa >>= 60 - shift;
            mantissa += (extra | (mantissa & 1)) > 1UL << 59 ? 1UL : 0;
            mantissa <<= 60 - shift;
            if ((mantissa & (1UL << 61)) != 0)
            {
                mantissa >>= 1;
                exponent++;
            }
        }

        var fraction = (mantissa & ((1UL << 60) - 1)).ToString("x15", CultureInfo.InvariantCulture);
        fraction = precision < 0 ? fraction.TrimEnd('0') : fraction.PadRight(precision, '0')[..precision];
        var text = string.Create(CultureInfo.InvariantCulture, $"0x{mantissa >> 60}{(fraction.Length > 0 ? "." : "")}{fraction}p{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        return letter == 'X' ? text.ToUpperInvariant() : text;
    }
}
