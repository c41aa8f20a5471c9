using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Strings;

/// <summary>Cases of whole words.</summary>
internal static class WordFunctions
{
    public static GoFunction[] All { get; } =
    [
        new("title", "string", call => Title(call.Text(0))),
        new("untitle", "string", call => Untitle(call.Text(0))),
        new("swapcase", "string", call => GoCase.Map(call.Text(0), rune => GoCase.IsUpper(rune) ? GoCase.ToLower(rune) : GoCase.IsLower(rune) ? GoCase.ToUpper(rune) : rune)),
        new("snakecase", "string", call => Joiner(call, '_').Join()),
        new("kebabcase", "string", call => Joiner(call, '-').Join()),
        new("camelcase", "string", call => Camel(call.Text(0))),
    ];

    private static WordJoiner Joiner(Call call, int connector)
    {
        const int bytesARune = 24;
        call.Budget.Reserve(bytesARune * (long)call.Text(0).Length);
        return new(call.Text(0), connector);
    }

    private static GoString Title(GoString text)
    {
        var afterSeparator = true;
        return GoCase.Map(text, rune =>
        {
            var result = afterSeparator ? GoCase.ToUpper(rune) : rune;
            afterSeparator = rune < 0x80 ? !(char.IsAsciiLetterOrDigit((char)rune) || rune == '_') : !GoCase.IsLetter(rune) && !GoCase.IsDigit(rune) && GoCase.IsSpace(rune);
            return result;
        });
    }

    private static GoString Untitle(GoString text)
    {
        var afterSpace = true;
        return GoCase.Map(text, rune =>
        {
            var isSpace = GoCase.IsSpace(rune);
            var result = afterSpace && !isSpace ? GoCase.ToLower(rune) : rune;
            afterSpace = isSpace;
            return result;
        });
    }

    /// <summary>PascalCase; leading connectors stay, and of a run of later ones all but the first do.</summary>
    private static GoString Camel(GoString text)
    {
        var runes = Runes.All(text.Span);
        var start = runes.FindIndex(rune => !WordJoiner.IsConnector(rune));
        if (start < 0)
        {
            // Go writes the last connector once more.
            return runes.Count == 0 ? GoString.Empty : Runes.Join(runes.Append(runes[^1]));
        }

        var result = runes.Take(start).ToList();
        var upperWord = GoCase.IsUpper(runes[start]);
        var current = GoCase.ToUpper(runes[start]);
        foreach (var next in runes.Skip(start + 1))
        {
            var previous = current;
            current = next;
            if (WordJoiner.IsConnector(previous))
            {
                if (WordJoiner.IsConnector(current))
                {
                    result.Add(previous);
                    continue;
                }

                upperWord = GoCase.IsUpper(current);
                current = GoCase.ToUpper(current);
                continue;
            }

            if (upperWord)
            {
                upperWord = GoCase.IsUpper(current);
                current = upperWord ? GoCase.ToLower(current) : current;
            }

            result.Add(previous);
        }

        result.Add(current);
        return Runes.Join(result);
    }
}
