using System.Globalization;
using System.Text.RegularExpressions;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Yaml;

/// <summary>
/// What go-yaml v2, a YAML 1.1 reader, takes an unquoted scalar for. Writing quotes exactly what reading would take for
/// something other than text.
/// </summary>
internal static partial class YamlScalar
{
    /// <summary>The value; text stays a <see cref="GoString"/>. Integers are <see cref="GoInt"/> or <see cref="GoUint"/>.</summary>
    public static GoValue Resolve(string text)
    {
        if (text.Length == 0)
        {
            return GoNil.Value;
        }

        return text[0] switch
        {
            '.' or '+' or '-' or (>= '0' and <= '9') => Number(text) ?? GoString.Of(text),
            'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' or '~' => Word(text) ?? GoString.Of(text),
            _ => GoString.Of(text),
        };
    }

    /// <summary>Whether the text must be quoted to stay text.</summary>
    public static bool NeedsQuotes(string text) => Resolve(text) is not GoString || Sexagesimal().IsMatch(text) || IsTimestamp(text);

    public static bool IsTimestamp(string text) => text.Length > 0 && char.IsAsciiDigit(text[0]) && Timestamp().IsMatch(text)
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);

    private static GoValue? Word(string text)
    {
        switch (text)
        {
            case "~" or "null" or "Null" or "NULL":
                return GoNil.Value;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return GoBool.True;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return GoBool.False;
            default:
                return null;
        }
    }

    private static GoValue? Number(string text)
    {
        switch (text.TrimStart('+', '-'))
        {
            case ".inf" or ".Inf" or ".INF" when text.Length <= 5:
                return new GoFloat(text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity);
            case ".nan" or ".NaN" or ".NAN" when text[0] == '.':
                return new GoFloat(double.NaN);
        }

        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (plain.Length > 0 && plain[0] != '.')
        {
            if (NumberText.ParseSigned(plain, 0) is { } signed)
            {
                return GoInt.Of(signed);
            }

            if (NumberText.ParseUnsigned(plain, 0) is { } unsigned)
            {
                return new GoUint(GoType.Uint64, unsigned);
            }
        }

        return Float().IsMatch(plain) && NumberText.ParseFloat(plain) is { } value ? new GoFloat(value) : null;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Sexagesimal();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([tT]| )[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Timestamp();
}
