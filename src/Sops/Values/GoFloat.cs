using System.Globalization;

namespace GitOpsSecrets.Sops.Values;

/// <summary>Floating-point numbers as Go's strconv writes them, in the three forms that SOPS files hold.</summary>
internal static class GoFloat
{
    /// <summary>Format 'f' with shortest digits: what is encrypted and hashed. Never an exponent.</summary>
    public static string Positional(double value)
    {
        if (Special(value) is { } special) return special;
        var (negative, digits, point) = Decompose(value);
        var text = point <= 0 ? "0." + new string('0', -point) + digits
            : point >= digits.Length ? digits + new string('0', point - digits.Length)
            : digits[..point] + "." + digits[point..];
        return (negative ? "-" : "") + (digits == "0" ? "0" : text);
    }

    /// <summary>Format 'g': as go-yaml writes, an exponent below 1e-4 and from 1e6 on.</summary>
    public static string Yaml(double value)
    {
        if (double.IsNaN(value)) return ".nan";
        if (double.IsInfinity(value)) return value > 0 ? ".inf" : "-.inf";
        var (negative, digits, point) = Decompose(value);
        return digits != "0" && (point - 1 is < -4 or >= 6) ? Scientific(negative, digits, point, exponentDigits: 2) : Positional(value);
    }

    /// <summary>As encoding/json writes: an exponent below 1e-6 and from 1e21 on, without a leading zero.</summary>
    public static string Json(double value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21)) return Positional(value);
        var (negative, digits, point) = Decompose(value);
        // It trims e-09 to e-9 but leaves e+09; a positive exponent has two digits here anyway.
        return Scientific(negative, digits, point, exponentDigits: 1);
    }

    /// <summary>As strconv.ParseFloat takes it, except hexadecimal and words.</summary>
    public static bool TryParse(string text, out double value)
    {
        value = text switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => 0,
        };
        if (value != 0) return true;
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : null;

    private static string Scientific(bool negative, string digits, int point, int exponentDigits)
    {
        var exponent = point - 1;
        var mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
        var magnitude = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(exponentDigits, '0');
        return $"{(negative ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{magnitude}";
    }

    /// <summary>The shortest digits that read back as the same number, and where the point stands among them.</summary>
    private static (bool Negative, string Digits, int Point) Decompose(double value)
    {
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var split = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = split < 0 ? shortest : shortest[..split];
        var exponent = split < 0 ? 0 : int.Parse(shortest.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.TrimStart('0');
        point -= leading;
        digits = digits.TrimEnd('0');
        return (double.IsNegative(value), digits.Length == 0 ? "0" : digits, digits.Length == 0 ? 1 : point);
    }
}
