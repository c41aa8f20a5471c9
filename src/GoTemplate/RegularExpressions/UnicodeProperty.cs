using System.Globalization;
using System.Text;
using GitOpsSecrets.GoTemplate.Formatting;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>
/// <c>\p{…}</c> by general category. Scripts are known for the ones that are whole blocks; others are refused, since .NET has no script data.
/// </summary>
internal static class UnicodeProperty
{
    private static readonly string[] Categories =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    public static Func<int, bool>? Find(string name)
    {
        if (name == "Any")
        {
            return _ => true;
        }

        if (name.Length == 1 && "LMNZCPS".Contains(name[0], StringComparison.Ordinal))
        {
            return rune => NameOf(rune) is var category && category[0] == name[0] && category != "Cn";
        }

        if (Array.IndexOf(Categories, name) is >= 0 and < 29)
        {
            return rune => NameOf(rune) == name;
        }

        return Script(name);
    }

    private static string NameOf(int rune) =>
        Categories[(int)(Runes.IsValid(rune) ? Rune.GetUnicodeCategory(new Rune(rune)) : UnicodeCategory.OtherNotAssigned)];

    private static Func<int, bool>? Script(string name) => name switch
    {
        "Latin" => rune => IsLetter(rune) && rune is (< 0x250 or (>= 0x250 and < 0x2B9) or (>= 0x1E00 and < 0x1F00) or (>= 0x2C60 and < 0x2C80) or (>= 0xA722 and < 0xA800) or (>= 0xFF21 and <= 0xFF5A)),
        "Greek" => rune => IsLetter(rune) && rune is ((>= 0x370 and < 0x3E2) or (>= 0x3F0 and < 0x400) or (>= 0x1F00 and < 0x2000)),
        "Cyrillic" => rune => IsLetter(rune) && rune is ((>= 0x400 and < 0x530) or (>= 0x1C80 and < 0x1C90) or (>= 0x2DE0 and < 0x2E00) or (>= 0xA640 and < 0xA6A0)),
        "Han" => rune => IsLetter(rune) && rune is (0x3005 or 0x3007 or (>= 0x3021 and <= 0x3029) or (>= 0x3400 and < 0xA000) or (>= 0xF900 and < 0xFB00) or (>= 0x20000 and < 0x323B0)),
        "Hiragana" => rune => IsLetter(rune) && rune is (>= 0x3041 and <= 0x309F),
        "Katakana" => rune => IsLetter(rune) && rune is ((>= 0x30A1 and <= 0x30FF and not 0x30FC) or (>= 0x31F0 and < 0x3200) or (>= 0xFF66 and < 0xFF9E and not 0xFF70)),
        _ => null,
    };

    private static bool IsLetter(int rune) => NameOf(rune)[0] is 'L' or 'M' or 'N';
}
