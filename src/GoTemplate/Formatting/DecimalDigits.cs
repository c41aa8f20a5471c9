using System.Globalization;
using System.Numerics;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>A float in decimal: 0.<see cref="Digits"/> × 10^<see cref="Point"/>, without trailing zeros (zero has no digits).</summary>
internal readonly record struct DecimalDigits(string Digits, int Point)
{
    /// <summary>The fewest digits that read back as the same number.</summary>
    public static DecimalDigits Shortest(double magnitude) => Of(magnitude.ToString("R", CultureInfo.InvariantCulture));

    public static DecimalDigits Shortest(float magnitude) => Of(magnitude.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>All digits: every float is a finite decimal.</summary>
    public static DecimalDigits Exact(double magnitude)
    {
        var bits = BitConverter.DoubleToInt64Bits(magnitude);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0)
        {
            exponent++;
        }
        else
        {
            mantissa |= 1L << 52;
        }

        var scale = exponent - 1075;
        if (scale >= 0)
        {
            var text = (mantissa << scale).ToString(CultureInfo.InvariantCulture);
            return Trim(text, text.Length);
        }

        // m / 2^k = m·5^k / 10^k.
        var digits = (mantissa * BigInteger.Pow(5, -scale)).ToString(CultureInfo.InvariantCulture);
        return Trim(digits, digits.Length + scale);
    }

    /// <summary>At most <paramref name="count"/> digits, rounded half to even as Go rounds.</summary>
    public DecimalDigits Round(int count)
    {
        if (count >= Digits.Length)
        {
            return this;
        }

        if (count < 0)
        {
            return new("", 0);
        }

        var half = Digits[count] == '5' && Digits.Length == count + 1;
        var up = half ? count > 0 && (Digits[count - 1] - '0') % 2 == 1 : Digits[count] >= '5';
        if (!up)
        {
            return Trim(Digits[..count], Point);
        }

        var raised = (BigInteger.Parse("0" + Digits[..count], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture).PadLeft(count, '0');
        return Trim(raised, Point + raised.Length - count);
    }

    /// <summary>The digit at a place after the point of 0.ddd, zero beyond the last.</summary>
    public char At(int index) => index >= 0 && index < Digits.Length ? Digits[index] : '0';

    private static DecimalDigits Of(string text)
    {
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        return Trim(mantissa.Replace(".", "", StringComparison.Ordinal), (point < 0 ? mantissa.Length : point) + exponent);
    }

    private static DecimalDigits Trim(string digits, int point)
    {
        var leading = digits.Length - digits.TrimStart('0').Length;
        var trimmed = digits.Trim('0');
        return trimmed.Length == 0 ? new("", 0) : new(trimmed, point - leading);
    }
}
