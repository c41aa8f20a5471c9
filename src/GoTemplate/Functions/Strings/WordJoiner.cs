using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Strings;

/// <summary>
/// snake_case and kebab-case as huandu/xstrings makes them: the text is cut into runs of one kind, and a connector goes
/// between two runs unless a number belongs to the word before it.
/// </summary>
internal sealed class WordJoiner(GoString text, int connector)
{
    private const int FirstIdeograph = 0x3400;

    private readonly List<int> runes = Runes.All(text.Span);
    private readonly List<int> output = [];
    private int position;

    private enum WordKind
    {
        None,
        Number,
        Upper,
        Lower,
        Connector,
        Punctuation,
        Other,
    }

    public GoString Join()
    {
        if (runes.Count == 0)
        {
            return GoString.Empty;
        }

        var word = Next();
        while (position < runes.Count)
        {
            if (word.Kind != WordKind.Connector)
            {
                Write(word);
            }

            var previous = word;
            word = Next();
            word = previous.Kind switch
            {
                WordKind.Number => AfterNumber(word),
                WordKind.Connector => AfterConnector(previous, word),
                WordKind.Punctuation => word,
                _ => AfterWord(word),
            };
        }

        Write(word);
        return Runes.Join(output);
    }

    public static bool IsConnector(int rune) => rune is '-' or '_' || GoCase.IsSpace(rune);

    private Word AfterNumber(Word word)
    {
        word = WriteWhileSticking(word);
        Connect(word);
        return word;
    }

    private Word AfterConnector(Word previous, Word word)
    {
        Write(previous);
        return word;
    }

    private Word AfterWord(Word word)
    {
        if (word.Kind != WordKind.Number)
        {
            Connect(word);
            return word;
        }

        if (position >= runes.Count)
        {
            return word;
        }

        var number = word;
        word = Next();
        if (word.Kind != WordKind.Lower)
        {
            Write(number);
            Connect(word);
            return word;
        }

        // Lower-case letters right after digits: the digits begin a word of their own (HTTP2xx → http_2xx).
        output.Add(connector);
        Write(number);
        word = WriteWhileSticking(word);
        Connect(word);
        return word;
    }

    private Word WriteWhileSticking(Word word)
    {
        while (word.Kind is WordKind.Lower or WordKind.Number)
        {
            Write(word);
            word = Next();
        }

        return word;
    }

    private void Connect(Word next)
    {
        if (next.Kind is not (WordKind.None or WordKind.Connector or WordKind.Punctuation))
        {
            output.Add(connector);
        }
    }

    private void Write(Word word)
    {
        foreach (var rune in word.Runes)
        {
            output.Add(word.Kind switch
            {
                WordKind.Connector => connector,
                WordKind.Upper => GoCase.ToLower(rune),
                _ => rune,
            });
        }
    }

    private Word Next()
    {
        if (position >= runes.Count)
        {
            return new(WordKind.None, []);
        }

        var start = position;
        var kind = KindOf(runes[position++]);
        if (kind == WordKind.Upper)
        {
            ReadUpper();
        }
        else
        {
            while (position < runes.Count && KindOf(runes[position]) == kind)
            {
                position++;
            }
        }

        return new(kind, runes[start..position]);
    }

    /// <summary>A run of capitals, of which the last goes to the lower-case run behind it; or one capital and its lower case.</summary>
    private void ReadUpper()
    {
        if (position >= runes.Count)
        {
            return;
        }

        if (KindOf(runes[position]) == WordKind.Lower)
        {
            while (position < runes.Count && KindOf(runes[position]) == WordKind.Lower)
            {
                position++;
            }

            return;
        }

        var capitals = position;
        while (position < runes.Count && KindOf(runes[position]) == WordKind.Upper)
        {
            position++;
        }

        if (position > capitals && position < runes.Count && KindOf(runes[position]) == WordKind.Lower)
        {
            position--;
        }
    }

    private static WordKind KindOf(int rune)
    {
        if (IsConnector(rune))
        {
            return WordKind.Connector;
        }

        if (GoCase.IsPunctuation(rune))
        {
            return WordKind.Punctuation;
        }

        if (GoCase.IsUpper(rune))
        {
            return WordKind.Upper;
        }

        if (GoCase.IsLetter(rune) && rune < FirstIdeograph)
        {
            return WordKind.Lower;
        }

        return GoCase.IsNumber(rune) ? WordKind.Number : WordKind.Other;
    }

    private readonly record struct Word(WordKind Kind, List<int> Runes);
}
