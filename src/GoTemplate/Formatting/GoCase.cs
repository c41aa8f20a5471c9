using System.Globalization;
using System.Text;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Formatting;

/// <summary>Go's package unicode: simple case mapping and the character classes that sprig's words are cut by.</summary>
internal static class GoCase
{
    // .NET's invariant mapping leaves out what is not reversible.
    public static int ToUpper(int rune) => rune switch
    {
        0x131 => 'I',
        0x17F => 'S',
        _ => Runes.IsValid(rune) ? Rune.ToUpperInvariant(new Rune(rune)).Value : rune,
    };

    public static int ToLower(int rune) => rune switch
    {
        0x130 => 'i',
        0x212A => 'k',
        _ => Runes.IsValid(rune) ? Rune.ToLowerInvariant(new Rune(rune)).Value : rune,
    };

    public static GoString Map(GoString text, Func<int, int> mapping) => Runes.Join(Runes.All(text.Span).Select(mapping));

    public static bool IsUpper(int rune) => Category(rune) == UnicodeCategory.UppercaseLetter;

    public static bool IsLower(int rune) => Category(rune) == UnicodeCategory.LowercaseLetter;

    public static bool IsLetter(int rune) => Category(rune) <= UnicodeCategory.OtherLetter;

    public static bool IsDigit(int rune) => Category(rune) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsNumber(int rune) => Category(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(int rune) => Category(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    public static bool IsSpace(int rune) => rune is (>= '\t' and <= '\r') or ' ' or 0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A)
        or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;

    /// <summary>strings.TrimSpace.</summary>
    public static GoString TrimSpace(GoString text)
    {
        var span = text.Span;
        var start = 0;
        while (start < span.Length && Runes.Decode(span[start..]) is var (rune, width) && IsSpace(rune))
        {
            start += width;
        }

        var end = span.Length;
        while (end > start && Runes.DecodeLast(span[start..end]) is var (rune, width) && IsSpace(rune))
        {
            end -= width;
        }

        return text.Slice(start, end - start);
    }

    private static UnicodeCategory Category(int rune) => Runes.IsValid(rune) ? Rune.GetUnicodeCategory(new Rune(rune)) : UnicodeCategory.OtherNotAssigned;
}
