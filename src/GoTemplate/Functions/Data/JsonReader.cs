using System.Buffers;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Data;

/// <summary>
/// encoding/json's Unmarshal into <c>interface {}</c>: numbers are float64, the last of equal keys wins, and what is not
/// UTF-8 or no whole surrogate pair becomes U+FFFD.
/// </summary>
internal ref struct JsonReader(ExecutionBudget budget, ReadOnlySpan<byte> text, Func<string, GoValue> number)
{
    private const int MaxDepth = 10_000;

    private static readonly SearchValues<byte> PlainText = SearchValues.Create([.. Enumerable.Range(' ', 0x7F - ' ').Where(value => value is not ('"' or '\\')).Select(value => (byte)value)]);

    private readonly ReadOnlySpan<byte> text = text;
    private readonly Func<string, GoValue> number = number;
    private int position;
    private int depth;

    /// <exception cref="FunctionException">No JSON; the message is Go's.</exception>
    public static GoValue Read(ExecutionBudget budget, ReadOnlySpan<byte> text) => Read(budget, text, Float);

    /// <param name="number">What a number's text stands for.</param>
    public static GoValue Read(ExecutionBudget budget, ReadOnlySpan<byte> text, Func<string, GoValue> number)
    {
        var reader = new JsonReader(budget, text, number);
        var value = reader.ReadValue();
        reader.SkipSpace();
        return reader.position == text.Length ? value : throw reader.Invalid("after top-level value");
    }

    private GoValue ReadValue()
    {
        budget.AllocateItems(1);
        DeepStack.CheckNesting();
        SkipSpace();
        switch (Current)
        {
            case '{':
                return Nested(isObject: true);
            case '[':
                return Nested(isObject: false);
            case '"':
                return ReadString();
            case 't':
                return Word("true", GoBool.True);
            case 'f':
                return Word("false", GoBool.False);
            case 'n':
                return Word("null", GoNil.Value);
            case '-' or (>= '0' and <= '9'):
                return ReadNumber();
            default:
                throw Invalid("looking for beginning of value");
        }
    }

    private readonly int Current => position < text.Length ? text[position] : -1;

    private GoValue Nested(bool isObject)
    {
        if (++depth > MaxDepth)
        {
            throw new FunctionException("exceeded max depth");
        }

        position++;
        budget.AllocateObject();
        var value = isObject ? (GoValue)ReadObject() : ReadArray();
        depth--;
        return value;
    }

    private GoMap ReadObject()
    {
        var map = GoMap.OfAny();
        SkipSpace();
        if (Current == '}')
        {
            position++;
            return map;
        }

        while (true)
        {
            SkipSpace();
            if (Current != '"')
            {
                throw Invalid("looking for beginning of object key string");
            }

            budget.AllocateItems(2);
            var key = ReadString();
            Expect(':', "after object key");
            map.Entries[key] = ReadValue();
            SkipSpace();
            if (Current == '}')
            {
                position++;
                return map;
            }

            Expect(',', "after object key:value pair");
        }
    }

    private GoList ReadArray()
    {
        var items = new List<GoValue>();
        SkipSpace();
        if (Current == ']')
        {
            position++;
            return GoList.OfAny(items);
        }

        while (true)
        {
            items.Add(ReadValue());
            SkipSpace();
            if (Current == ']')
            {
                position++;
                return GoList.OfAny(items);
            }

            Expect(',', "after array element");
        }
    }

    private void Expect(char wanted, string where)
    {
        SkipSpace();
        if (Current != wanted)
        {
            throw Invalid(where);
        }

        position++;
    }

    private GoValue Word(string word, GoValue value)
    {
        for (var i = 0; i < word.Length; i++, position++)
        {
            if (Current != word[i])
            {
                throw Invalid($"in literal {word} (expecting {GoQuote.Quote(word[i..(i + 1)]).Replace('"', '\'')})");
            }
        }

        return value;
    }

    private static GoFloat Float(string number) =>
        new(NumberText.ParseFloat(number) ?? throw new FunctionException($"json: cannot unmarshal number {number} into Go value of type float64"));

    private GoValue ReadNumber()
    {
        var start = position;
        position += Current == '-' ? 1 : 0;
        if (Current == '0')
        {
            position++;
        }
        else
        {
            Digits("in numeric literal");
        }

        if (Current == '.')
        {
            position++;
            Digits("after decimal point in numeric literal");
        }

        if (Current is 'e' or 'E')
        {
            position++;
            position += Current is '+' or '-' ? 1 : 0;
            Digits("in exponent of numeric literal");
        }

        return number(System.Text.Encoding.ASCII.GetString(text[start..position]));
    }

    private void Digits(string where)
    {
        if (Current is not (>= '0' and <= '9'))
        {
            throw Invalid(where);
        }

        while (Current is >= '0' and <= '9')
        {
            position++;
        }
    }

    private GoString ReadString()
    {
        position++;
        budget.AllocateItems(1);
        var builder = new ByteBuilder(budget);
        while (Current != '"')
        {
            // What needs no look at each rune goes in one piece.
            var plain = text[position..].IndexOfAnyExcept(PlainText);
            builder.Append(text.Slice(position, plain < 0 ? text.Length - position : plain));
            budget.Walk(Math.Max(plain, 0));
            position = plain < 0 ? text.Length : position + plain;
            if (Current == '"')
            {
                break;
            }

            if (Current is < ' ')
            {
                throw Invalid("in string literal");
            }

            if (Current == '\\')
            {
                ReadEscape(builder);
                continue;
            }

            var (rune, width) = Runes.Decode(text[position..]);
            builder.AppendRune(rune);
            position += width;
        }

        position++;
        return builder.ToGoString();
    }

    private void ReadEscape(ByteBuilder builder)
    {
        position++;
        if (Current == 'u')
        {
            position++;
            var unit = Hex();
            if (char.IsHighSurrogate((char)unit) && text[position..].StartsWith("\\u"u8))
            {
                var mark = position;
                position += 2;
                var low = Hex();
                if (char.IsLowSurrogate((char)low))
                {
                    builder.AppendRune(char.ConvertToUtf32((char)unit, (char)low));
                    return;
                }

                position = mark;
            }

            builder.AppendRune(unit);
            return;
        }

        var index = Current < 0 ? -1 : "\"\\/bfnrt".IndexOf((char)Current, StringComparison.Ordinal);
        if (index < 0)
        {
            throw Invalid("in string escape code");
        }

        builder.Append("\"\\/\b\f\n\r\t"[index]);
        position++;
    }

    private int Hex()
    {
        var value = 0;
        for (var i = 0; i < 4; i++, position++)
        {
            if (Current < 0 || !char.IsAsciiHexDigit((char)Current))
            {
                throw Invalid("in \\u hexadecimal character escape");
            }

            value = (value * 16) + Convert.ToInt32(((char)Current).ToString(), 16);
        }

        return value;
    }

    private void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\r' or '\n')
        {
            position++;
        }
    }

    private readonly FunctionException Invalid(string where)
    {
        if (Current < 0)
        {
            return new("unexpected end of JSON input");
        }

        var shown = Current == '\'' ? "'\\''" : Current == '"' ? "'\"'" : GoQuote.Quote(((char)Current).ToString()).Replace('"', '\'');
        return new($"invalid character {shown} {where}");
    }
}
