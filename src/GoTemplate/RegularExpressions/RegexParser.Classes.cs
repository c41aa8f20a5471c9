using System.Globalization;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>Escapes and character classes.</summary>
internal sealed partial class RegexParser
{
    private RegexNode ParseEscape()
    {
        if (Take("\\A"))
        {
            return new RegexNode.Assertion(RegexAssertion.BeginText);
        }

        if (Take("\\z"))
        {
            return new RegexNode.Assertion(RegexAssertion.EndText);
        }

        if (Take("\\b"))
        {
            return new RegexNode.Assertion(RegexAssertion.WordBoundary);
        }

        if (Take("\\B"))
        {
            return new RegexNode.Assertion(RegexAssertion.NoWordBoundary);
        }

        return ParseClassEscape() is { } matcher ? new RegexNode.Rune(matcher) : Literal(ParseRuneEscape());
    }

    /// <summary><c>\d</c>, <c>\pL</c> and the like; null if the escape stands for one rune.</summary>
    private RuneMatcher? ParseClassEscape()
    {
        if (position + 1 >= pattern.Length)
        {
            return null;
        }

        var letter = pattern[position + 1];
        if (letter is 'p' or 'P')
        {
            return ParseProperty();
        }

        if (Perl(char.ToLowerInvariant(letter)) is not { } matcher)
        {
            return null;
        }

        position += 2;
        matcher.IsNegated = char.IsAsciiLetterUpper(letter);
        return matcher;
    }

    private static RuneMatcher? Perl(char letter) => letter switch
    {
        'd' => new RuneMatcher().Add('0', '9'),
        's' => new RuneMatcher().Add('\t', '\n').Add('\f', '\r').Add(' ', ' '),
        'w' => new RuneMatcher().Add('0', '9').Add('A', 'Z').Add('_', '_').Add('a', 'z'),
        _ => null,
    };

    private RuneMatcher ParseProperty()
    {
        var start = position;
        var isNegated = pattern[position + 1] == 'P';
        position += 2;
        string name;
        if (!AtEnd && Current == '{')
        {
            var end = pattern.IndexOf('}', position);
            if (end < 0)
            {
                throw Error("invalid character class range", pattern[start..]);
            }

            name = pattern[(position + 1)..end];
            position = end + 1;
        }
        else
        {
            name = AtEnd ? "" : char.ConvertFromUtf32(TakeRune());
        }

        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }

        var property = UnicodeProperty.Find(name) ?? throw Error("invalid character class range", pattern[start..position]);
        var matcher = new RuneMatcher { FoldsCase = foldsCase, IsNegated = isNegated };
        matcher.Add(property);
        return matcher;
    }

    private int ParseRuneEscape()
    {
        var start = position++;
        if (AtEnd)
        {
            throw Error("trailing backslash at end of expression", "");
        }

        var letter = TakeRune();
        switch (letter)
        {
            case >= '1' and <= '7' when AtEnd || Current is < '0' or > '7':
                break;
            case >= '0' and <= '7':
                return Octal(letter - '0');
            case 'x':
                return Hex(start);
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)letter):
                return letter;
        }

        var index = letter < 0x80 ? "afnrtv".IndexOf((char)letter, StringComparison.Ordinal) : -1;
        return index >= 0 ? "\a\f\n\r\t\v"[index] : throw Error("invalid escape sequence", pattern[start..position]);
    }

    private int Octal(int value)
    {
        for (var i = 0; i < 2 && !AtEnd && Current is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + pattern[position++] - '0';
        }

        return value;
    }

    private int Hex(int start)
    {
        var end = Take("{") ? pattern.IndexOf('}', position) : Math.Min(position + 2, pattern.Length);
        var digits = end < 0 ? "" : pattern[position..end];
        position = end < 0 ? pattern.Length : end;
        Take("}");
        var valid = int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 0x10FFFF;
        return valid ? value : throw Error("invalid escape sequence", pattern[start..position]);
    }

    private RuneMatcher ParseClass()
    {
        var start = position++;
        var matcher = new RuneMatcher { FoldsCase = foldsCase };
        if (Take("^"))
        {
            matcher.IsNegated = true;
        }

        for (var first = true; first || AtEnd || Current != ']'; first = false)
        {
            if (AtEnd)
            {
                throw Error("missing closing ]", pattern[start..]);
            }

            ParseClassItem(matcher, start, first);
        }

        position++;
        return matcher;
    }

    private void ParseClassItem(RuneMatcher matcher, int start, bool first)
    {
        if (Current == '[' && position + 1 < pattern.Length && pattern[position + 1] == ':' && pattern.IndexOf(":]", position + 2, StringComparison.Ordinal) is > 0 and var end)
        {
            var name = pattern[position..(end + 2)];
            matcher.Add(PosixClass.Find(name) ?? throw Error("invalid character class range", name));
            position = end + 2;
            return;
        }

        if (Current == '\\' && ParseClassEscape() is { } escape)
        {
            matcher.Add(escape);
            return;
        }

        // A dash is literal at either end, as in [-a] and [a-]; elsewhere it makes a range.
        if (Current == '-' && !first && position + 1 < pattern.Length && pattern[position + 1] != ']')
        {
            throw Error("invalid character class range", pattern[position..(position + 2)]);
        }

        var itemStart = position;
        var low = ClassRune(start);
        var high = low;
        if (position + 1 < pattern.Length && Current == '-' && pattern[position + 1] != ']')
        {
            position++;
            high = ClassRune(start);
            if (high < low)
            {
                throw Error("invalid character class range", pattern[itemStart..position]);
            }
        }

        matcher.Add(low, high);
    }

    private int ClassRune(int start)
    {
        if (AtEnd)
        {
            throw Error("missing closing ]", pattern[start..]);
        }

        return Current == '\\' ? ParseRuneEscape() : TakeRune();
    }
}
