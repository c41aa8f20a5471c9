using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>RE2's syntax as Go's regexp takes it: Perl classes and lazy repeats, no look-around, no back-references.</summary>
internal sealed partial class RegexParser
{
    private const int MaxRepeat = 1000;
    private const int MaxNesting = 1000;

    private readonly string pattern;
    private readonly List<string> names = [""];
    private int position;
    private int nesting;
    private bool foldsCase;
    private bool isMultiline;
    private bool dotMatchesNewLine;
    private bool swapsGreed;

    private RegexParser(string pattern) => this.pattern = pattern;

    /// <exception cref="FunctionException">Not RE2; the message is Go's.</exception>
    public static (RegexNode Root, IReadOnlyList<string> Names) Parse(GoString pattern)
    {
        var parser = new RegexParser(pattern.ToText());
        var root = parser.ParseAlternatives();
        if (parser.position < parser.pattern.Length)
        {
            throw Error("unexpected )", parser.pattern);
        }

        return (root, parser.names);
    }

    private bool AtEnd => position >= pattern.Length;

    private char Current => pattern[position];

    private bool Take(string text)
    {
        var found = string.CompareOrdinal(pattern, position, text, 0, text.Length) == 0;
        position += found ? text.Length : 0;
        return found;
    }

    private int TakeRune()
    {
        var rune = char.ConvertToUtf32(pattern, position);
        position += rune > 0xFFFF ? 2 : 1;
        return rune;
    }

    private RegexNode ParseAlternatives()
    {
        if (++nesting > MaxNesting)
        {
            throw Error("expression nests too deeply", pattern);
        }

        var choices = new List<RegexNode> { ParseSequence() };
        while (Take("|"))
        {
            choices.Add(ParseSequence());
        }

        nesting--;
        return choices.Count == 1 ? choices[0] : new RegexNode.Alternate(choices);
    }

    private RegexNode ParseSequence()
    {
        var parts = new List<RegexNode>();
        var lastRepeat = -1;
        while (!AtEnd && Current is not ('|' or ')'))
        {
            var start = position;
            if (IsRepeat(out var min, out var max))
            {
                var isGreedy = !Take("?") ^ swapsGreed;
                if (parts.Count == 0)
                {
                    throw Error("missing argument to repetition operator", pattern[start..position]);
                }

                if (lastRepeat >= 0)
                {
                    throw Error("invalid nested repetition operator", pattern[lastRepeat..position]);
                }

                parts[^1] = new RegexNode.Repeat(parts[^1], min, max, isGreedy);
                if ((min >= 2 || max >= 2) && parts[^1].Copies > MaxRepeat)
                {
                    throw Error("invalid repeat count", pattern[start..position]);
                }

                lastRepeat = start;
                continue;
            }

            lastRepeat = -1;
            if (Take("\\Q"))
            {
                Quoted(parts);
            }
            else if (ParseAtom() is { } atom)
            {
                parts.Add(atom);
            }
        }

        return parts.Count == 1 ? parts[0] : parts.Count == 0 ? new RegexNode.Empty() : new RegexNode.Concat(parts);
    }

    private void Quoted(List<RegexNode> parts)
    {
        while (!AtEnd && !Take("\\E"))
        {
            parts.Add(Literal(TakeRune()));
        }
    }

    private bool IsRepeat(out int min, out int max)
    {
        (min, max) = Current switch
        {
            '*' => (0, -1),
            '+' => (1, -1),
            '?' => (0, 1),
            _ => (-1, -1),
        };
        if (min >= 0)
        {
            position++;
            return true;
        }

        return Current == '{' && IsCounted(out min, out max);
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; anything else after a brace makes the brace a literal.</summary>
    private bool IsCounted(out int min, out int max)
    {
        (min, max) = (0, 0);
        var start = position;
        var i = position + 1;
        if (!Number(ref i, out min))
        {
            return false;
        }

        max = min;
        if (i < pattern.Length && pattern[i] == ',')
        {
            i++;
            max = Number(ref i, out var bound) ? bound : -1;
        }

        if (i >= pattern.Length || pattern[i] != '}')
        {
            return false;
        }

        position = i + 1;
        if (min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
        {
            throw Error("invalid repeat count", pattern[start..position]);
        }

        return true;
    }

    private bool Number(ref int i, out int number)
    {
        var start = i;
        while (i < pattern.Length && char.IsAsciiDigit(pattern[i]))
        {
            i++;
        }

        number = i - start is > 0 and < 9 ? int.Parse(pattern.AsSpan(start, i - start), CultureInfo.InvariantCulture) : MaxRepeat + 1;
        return i > start;
    }

    private RegexNode? ParseAtom()
    {
        switch (Current)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new RegexNode.Rune(ParseClass());
            case '.':
                position++;
                return new RegexNode.Rune(dotMatchesNewLine ? RuneMatcher.Any : RuneMatcher.AnyButNewLine);
            case '^':
                position++;
                return new RegexNode.Assertion(isMultiline ? RegexAssertion.BeginLine : RegexAssertion.BeginText);
            case '$':
                position++;
                return new RegexNode.Assertion(isMultiline ? RegexAssertion.EndLine : RegexAssertion.EndText);
            case '\\':
                return ParseEscape();
            default:
                return Literal(TakeRune());
        }
    }

    private RegexNode.Rune Literal(int rune) => new(RuneMatcher.Literal(rune, foldsCase));

    /// <summary>Null for <c>(?flags)</c>, which is nothing that could be repeated.</summary>
    private RegexNode? ParseGroup()
    {
        var start = position++;
        var saved = (foldsCase, isMultiline, dotMatchesNewLine, swapsGreed);
        var index = 0;
        if (Take("?P<") || Take("?<"))
        {
            index = NamedCapture(start);
        }
        else if (Take("?"))
        {
            if (ParseFlags(start))
            {
                return null;
            }
        }
        else
        {
            names.Add("");
            index = names.Count - 1;
        }

        var inner = ParseAlternatives();
        if (!Take(")"))
        {
            throw Error("missing closing )", pattern);
        }

        (foldsCase, isMultiline, dotMatchesNewLine, swapsGreed) = saved;
        return index > 0 ? new RegexNode.Capture(index, inner) : inner;
    }

    private int NamedCapture(int start)
    {
        var end = pattern.IndexOf('>', position);
        if (end < 0)
        {
            throw Error("invalid named capture", pattern[start..]);
        }

        var name = pattern[position..end];
        if (name is ['=' or '!', ..])
        {
            throw Error("invalid or unsupported Perl syntax", pattern[start..(position + 1)]);
        }

        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
        {
            throw Error("invalid named capture", pattern[start..(end + 1)]);
        }

        if (names.Contains(name))
        {
            throw Error("duplicate capture group name", name);
        }

        position = end + 1;
        names.Add(name);
        return names.Count - 1;
    }

    /// <summary>True for <c>(?flags)</c>, which stays in force; false for <c>(?flags:</c>.</summary>
    private bool ParseFlags(int start)
    {
        var value = true;
        var seen = false;
        while (!AtEnd)
        {
            var flag = pattern[position++];
            switch (flag)
            {
                case 'i':
                    foldsCase = value;
                    break;
                case 'm':
                    isMultiline = value;
                    break;
                case 's':
                    dotMatchesNewLine = value;
                    break;
                case 'U':
                    swapsGreed = value;
                    break;
                case '-' when value:
                    value = false;
                    seen = false;
                    continue;
                case ':' or ')' when value || seen:
                    return flag == ')';
                default:
                    throw Error("invalid or unsupported Perl syntax", pattern[start..position]);
            }

            seen = true;
        }

        throw Error("missing closing )", pattern);
    }

    private static FunctionException Error(string kind, string where) => new($"error parsing regexp: {kind}: `{where}`");
}
