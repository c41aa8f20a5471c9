using System.Globalization;
using System.Numerics;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Documents.Yaml;

/// <summary>
/// The type of a plain scalar, exactly as go-yaml v3 resolves it: the MAC covers values in canonical form, so another typing is another MAC.
/// YAML 1.1's <c>yes no on off y n</c> are text there; <c>0755</c> is octal; <c>_</c> is ignored in numbers; dates are times.
/// </summary>
internal static class YamlScalarType
{
    /// <returns>Null for a whole number beyond 64 bits signed, which SOPS cannot hold.</returns>
    public static ScalarNode? Resolve(string text)
    {
        if (text.Length == 0) return ScalarNode.Null;
        switch (text)
        {
            case "~" or "null" or "Null" or "NULL": return ScalarNode.Null;
            case "true" or "True" or "TRUE": return ScalarNode.Boolean(true);
            case "false" or "False" or "FALSE": return ScalarNode.Boolean(false);
            case ".nan" or ".NaN" or ".NAN": return ScalarNode.Real(double.NaN);
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF": return ScalarNode.Real(double.PositiveInfinity);
            case "-.inf" or "-.Inf" or "-.INF": return ScalarNode.Real(double.NegativeInfinity);
        }
        if (text[0] == '.') return IsFloat(text) && GoFloat.TryParse(text, out var real) ? ScalarNode.Real(real) : ScalarNode.Text(text);
        return text[0] is '+' or '-' || char.IsAsciiDigit(text[0]) ? ResolveNumber(text) : ScalarNode.Text(text);
    }

    private static ScalarNode? ResolveNumber(string text)
    {
        if (GoTime.ParseYaml(text) is { } time) return ScalarNode.Time(time);
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (ParseWhole(plain) is { } whole)
        {
            if (whole >= long.MinValue && whole <= long.MaxValue) return ScalarNode.Whole((long)whole);
            if (whole > 0 && whole <= ulong.MaxValue) return null;
        }
        return IsFloat(plain) && GoFloat.TryParse(plain, out var real) ? ScalarNode.Real(real) : ScalarNode.Text(text);
    }

    /// <summary>strconv.ParseInt with base 0: prefixes 0x 0b 0o in either case, a leading zero for octal.</summary>
    private static BigInteger? ParseWhole(string text)
    {
        var negative = text[0] == '-';
        var digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        var radix = 10;
        if (digits.Length > 2 && digits[0] == '0' && RadixOf(digits[1]) is > 0 and var prefixed)
        {
            radix = prefixed;
            digits = digits[2..];
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            radix = 8;
            digits = digits[1..];
        }
        // No 64-bit number is longer, in binary with room to spare; anything else would only cost time.
        if (digits.Length is 0 or > 80) return null;
        BigInteger value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix) return null;
            value = (value * radix) + digit;
        }
        return negative ? -value : value;
    }

    private static int RadixOf(char prefix) => prefix switch
    {
        'x' or 'X' => 16,
        'o' or 'O' => 8,
        'b' or 'B' => 2,
        _ => 0,
    };

    /// <summary><c>[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?</c></summary>
    private static bool IsFloat(string text)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        var before = SkipDigits(text, ref at);
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (SkipDigits(text, ref at) + before == 0) return false;
        }
        else if (before == 0)
        {
            return false;
        }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-') at++;
            if (SkipDigits(text, ref at) == 0) return false;
        }
        return at == text.Length;
    }

    private static int SkipDigits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at - start;
    }
}
