using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Parsing;

/// <summary>
/// A number constant, as every type it fits: which one it becomes depends on the parameter it is given to.
/// Null where the constant does not fit the type.
/// </summary>
internal sealed record NumberLiteral(long? Signed, ulong? Unsigned, double? Float, GoComplex? Complex)
{
    public static NumberLiteral OfRune(int rune) => new(rune, (ulong)rune, rune, null);

    /// <returns>The literal, or a message.</returns>
    public static (NumberLiteral? Literal, string? Error) Parse(string text, bool isComplex)
    {
        if (isComplex)
        {
            return ParseComplex(text);
        }

        if (text.EndsWith('i') && NumberText.ParseFloat(text.AsSpan(0, text.Length - 1)) is { } imaginary)
        {
            return (OfComplex(0, imaginary), null);
        }

        var unsigned = NumberText.ParseUnsigned(text, 0);
        var signed = NumberText.ParseSigned(text, 0);
        if (signed == 0)
        {
            unsigned = 0;
        }

        if (signed is not null || unsigned is not null)
        {
            return (new NumberLiteral(signed, unsigned, signed ?? (double)unsigned!.Value, null), null);
        }

        if (NumberText.ParseFloat(text) is not { } value)
        {
            return (null, $"illegal number syntax: {GoQuote.Quote(text)}");
        }

        return text.AsSpan().IndexOfAny(".eEpP") < 0 ? (null, $"integer overflow: {GoQuote.Quote(text)}") : (OfFloat(value), null);
    }

    private static (NumberLiteral? Literal, string? Error) ParseComplex(string text)
    {
        for (var split = text.Length - 2; split > 0; split--)
        {
            if (text[split] is '+' or '-' && text[split - 1] is not ('e' or 'E' or 'p' or 'P')
                && NumberText.ParseFloat(text.AsSpan(0, split)) is { } real && NumberText.ParseFloat(text.AsSpan(split, text.Length - split - 1)) is { } imaginary)
            {
                return (OfComplex(real, imaginary), null);
            }
        }

        return (null, "syntax error scanning complex number");
    }

    private static NumberLiteral OfFloat(double value) => new(AsSigned(value), AsUnsigned(value), value, null);

    private static NumberLiteral OfComplex(double real, double imaginary) => imaginary == 0
        ? OfFloat(real) with { Complex = new(real, imaginary) }
        : new NumberLiteral(null, null, null, new(real, imaginary));

    private static long? AsSigned(double value) => value is >= -9.2233720368547758E+18 and < 9.2233720368547758E+18 && Math.Truncate(value) == value ? (long)value : null;

    private static ulong? AsUnsigned(double value) => value is >= 0 and < 1.8446744073709552E+19 && Math.Truncate(value) == value ? (ulong)value : null;
}
