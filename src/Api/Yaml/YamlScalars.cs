using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GitOpsSecrets.Api.Yaml;

/// <summary>
/// What an unquoted scalar means: YAML 1.1 as Go's yaml.v2 reads it, which is what kubectl and kubeseal use. Timestamps and base-60 numbers
/// stay text.
/// </summary>
internal static partial class YamlScalars
{
    /// <summary>The typed value of a plain scalar: null, boolean, number, or the text itself.</summary>
    /// <returns>False for infinities and NaN, which JSON cannot hold.</returns>
    public static bool TryResolve(string text, out JsonNode? value)
    {
        value = null;
        if (IsNull(text)) return true;
        if (Boolean(text) is { } boolean)
        {
            value = JsonValue.Create(boolean);
            return true;
        }
        if (IsNotFinite(text)) return false;
        value = Number(text) ?? TextNodes.Of(text);
        return true;
    }

    /// <summary>Whether a plain scalar with this text would be read as text.</summary>
    public static bool IsText(string text) => !IsNull(text) && Boolean(text) is null && !IsNotFinite(text) && Number(text) is null && text != "<<";

    /// <summary>Whether Go takes a plain scalar for a point in time: readers that keep the type, Kustomize among them, write it in another form.</summary>
    public static bool IsTimestamp(string text)
    {
        if (text.Length < 8 || text[4] != '-') return false;
        var match = Timestamp().Match(text);
        if (!match.Success) return false;
        var (year, month, day) = (Part("y"), Part("m"), Part("d"));
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year == 0 ? 4 : year, month)
            && Part("H") < 24 && Part("M") < 60 && Part("S") < 60 && Part("h") <= 24 && Part("i") < 60;

        int Part(string name) => match.Groups[name] is { Success: true } part ? int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex("""^(?<y>[0-9]{4})-(?<m>[0-9]{1,2})-(?<d>[0-9]{1,2})(([Tt](?<H>[0-9]{1,2}):(?<M>[0-9]{1,2}):(?<S>[0-9]{1,2})([.,][0-9]+)?(Z|[+-](?<h>[0-9]{2}):(?<i>[0-9]{2})))|( (?<H>[0-9]{1,2}):(?<M>[0-9]{1,2}):(?<S>[0-9]{1,2})([.,][0-9]+)?))?\z""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Timestamp();

    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool? Boolean(string text) => text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    public static JsonValue? Number(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.')) return null;
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        return Integer(digits) ?? (IsDecimalFloat(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? JsonValue.Create(real)
            : null);
    }

    private static bool IsNotFinite(string text) => text switch
    {
        ".nan" or ".NaN" or ".NAN" => true,
        _ => text.TrimStart('+', '-') is ".inf" or ".Inf" or ".INF" && text.Length <= 5,
    };

    private static JsonValue? Integer(string digits)
    {
        var negative = digits[0] == '-';
        var body = digits[0] is '+' or '-' ? digits[1..] : digits;
        var (radix, rest) = body switch
        {
            ['0', 'x' or 'X', ..] => (16, body[2..]),
            ['0', 'b' or 'B', ..] => (2, body[2..]),
            ['0', 'o' or 'O', ..] => (8, body[2..]),
            ['0', _, ..] => (8, body[1..]),
            _ => (10, body),
        };
        if (rest.Length == 0 || !TryParse(rest, radix, out var magnitude)) return null;
        if (!negative) return magnitude <= long.MaxValue ? JsonValue.Create((long)magnitude) : JsonValue.Create(magnitude);
        if (magnitude > 1UL + long.MaxValue) return null;
        return JsonValue.Create(unchecked(-(long)magnitude));
    }

    private static bool TryParse(string digits, int radix, out ulong value)
    {
        value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix || value > (ulong.MaxValue - (ulong)digit) / (ulong)radix) return false;
            value = (value * (ulong)radix) + (ulong)digit;
        }
        return true;
    }

    // [-+]? ( .d+ | d+ (. d*)? ) ( e [-+]? d+ )?
    private static bool IsDecimalFloat(string text)
    {
        var i = text[0] is '+' or '-' ? 1 : 0;
        var whole = SkipDigits(text, ref i);
        var fraction = 0;
        if (i < text.Length && text[i] == '.')
        {
            i++;
            fraction = SkipDigits(text, ref i);
        }
        if (whole + fraction == 0) return false;
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-') i++;
            if (SkipDigits(text, ref i) == 0) return false;
        }
        return i == text.Length;
    }

    private static int SkipDigits(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        return i - start;
    }

    /// <summary>The text of a <c>!!binary</c> scalar, when its bytes are text.</summary>
    public static bool TryBinary(string text, out string decoded)
    {
        decoded = "";
        if (!Base64Text.TryDecode(text, out var bytes, out _)) return false;
        try
        {
            decoded = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
